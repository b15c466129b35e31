"""What is said to a message that asks for no event: one calm sentence. Pure. Enter at `sentence_instead`."""

from collections.abc import Mapping

from puls.understanding.notices import Notice
from puls.understanding.question import Understood
from puls.understanding.turns import WITHOUT_WISH, Act

_SENTENCES: Mapping[Act, Notice] = {
    Act.GREETING: Notice(
        code="greeting",
        fr="Bonjour ! Dites ce qui vous ferait envie, où et quand : « concert ce week-end à Lyon ».",
        en="Hello! Say what you feel like, where and when: “jazz concert this weekend in Lyon”.",
    ),
    Act.THANKS: Notice(code="thanks", fr="Avec plaisir, et bonne sortie !", en="You are welcome. Enjoy your outing!"),
    Act.NO: Notice(
        code="no", fr="Très bien. Je reste là si vous cherchez autre chose.", en="All right. I am here if you look for something else."
    ),
    Act.OUT_OF_SCOPE: Notice(
        code="out_of_scope",
        fr="Là, je ne peux pas vous aider : je ne connais que les sorties culturelles en France (concerts, expos, spectacles…).",
        en="I cannot help with that: I only know cultural events in France (concerts, exhibitions, shows…).",
    ),
    Act.CANNOT: Notice(
        code="cannot",
        fr="Je ne peux ni réserver, ni payer, ni écrire ou appeler à votre place : cela se fait sur la page de l’organisateur.",
        en="I cannot book, pay, write or call for you: that is done on the organiser’s own page.",
    ),
    Act.HELP: Notice(
        code="help",
        fr="Je suis Puls, un assistant automatique : je cherche des sorties culturelles partout en France. Dites une envie, une ville, un jour, un budget, des âges… puis « moins cher », « et dimanche ? », « la 2e, c’est où ? », « organise-moi la soirée ».",
        en="I am Puls, an automatic assistant: I look for cultural events all over France. Name a wish, a town, a day, a budget, ages… then “cheaper”, “and Sunday?”, “where is the 2nd?”, “plan my evening”.",
    ),
    Act.RESET: Notice(
        code="reset", fr="C’est effacé, on repart de zéro : une envie, une ville, un jour ?", en="All cleared, we start afresh: a wish, a town, a day?"
    ),
    Act.DISTRESS: Notice(
        code="distress",
        fr="Ce que vous dites est grave, et vous n’êtes pas seul. Appelez le 3114 (gratuit, 24 h/24) pour parler à quelqu’un, le 3919 en cas de violences, le 119 pour un enfant en danger ; en urgence, le 15, le 17 ou le 112 (par SMS : le 114).",
        en="What you say is serious, and you are not alone. Call 3114 (free, day and night) to talk to someone, 3919 for violence at home, 119 for a child in danger; in an emergency 15, 17 or 112 (by text: 114).",
    ),
    Act.INSULT: Notice(
        code="insult",
        fr="Je n’ai pas répondu comme vous l’attendiez, désolé. Dites-moi ce que vous cherchez (un thème, une ville, un jour) et je reprends.",
        en="I did not answer as you expected, sorry. Tell me what you look for (a theme, a town, a day) and I will try again.",
    ),
    Act.UNCLEAR: Notice(
        code="unclear", fr="Je n’ai pas compris. Un thème, une ville, un jour ?", en="I did not understand. A theme, a town, a day?"
    ),
    Act.ABROAD: Notice(
        code="abroad", fr="Je ne couvre que la France.", en="I only cover France."
    ),
    Act.UNKNOWN_PLACE: Notice(
        code="unknown_place", fr="Je ne connais pas ce lieu. Une ville ou un département de France ?", en="I do not know that place. A town or a département of France?"
    ),
}  # fmt: skip


def sentence_instead(understood: Understood) -> Notice | None:
    """What is said in place of events; None for a message that asks for some. A place that is not in France, or not known, is named."""
    if understood.act not in WITHOUT_WISH:
        return None
    sentence = _SENTENCES[understood.act]
    name = understood.unknown_place
    if not name:
        return sentence
    if understood.act is Act.ABROAD:
        return Notice(
            code="abroad",
            fr=f"{name} n’est pas en France, et je ne couvre que la France.",
            en=f"{name} is not in France, and I only cover France.",
        )
    if understood.act is Act.UNKNOWN_PLACE:
        return Notice(
            code="unknown_place",
            fr=f"Je ne connais pas de lieu appelé « {name} » en France. Une autre ville, un département ?",
            en=f"I know no place called “{name}” in France. Another town, a département?",
        )
    return sentence
