"""What the four dashboards show: a title, one sentence, and the queries. Values only; `make_dashboards` draws them."""

from dataclasses import dataclass

from puls.monitoring import Metric as M  # noqa: N817 # a table of names

RATE = "[$__rate_interval]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel; `queries`: legend and PromQL. `needs`: what must be set up for it to show anything, else empty."""

    title: str
    says: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: str = "timeseries"
    needs: str = ""


def quantiles(metric: M, by: str = "") -> tuple[tuple[str, str], ...]:
    """The middle and the slow twentieth of a histogram."""
    labels = f"le, {by}" if by else "le"
    legend = f"{{{{{by}}}}} " if by else ""
    return tuple(
        (
            f"{legend}p{share:.0%}".replace("%", ""),
            f"histogram_quantile({share:g}, sum by ({labels}) (rate({metric}_bucket{RATE})))",
        )
        for share in (0.5, 0.95)
    )


def per_second(metric: M, by: str, legend: str = "") -> tuple[tuple[str, str], ...]:
    """How often, by a label."""
    return ((legend or f"{{{{{by}}}}}", f"sum by ({by}) (rate({metric}{RATE}))"),)


def share(metric: M, label: str, value: str) -> str:
    """The share of events that have a label's value."""
    return f'sum(rate({metric}{{{label}="{value}"}}{RATE})) / sum(rate({metric}{RATE}))'


DASHBOARDS: dict[str, tuple[str, tuple[Panel, ...]]] = {
    "operations": (
        "Puls – exploitation",
        (
            Panel(title="Budget d’erreur brûlé (1 h)", says="1 : juste ce que la promesse permet ; 14,4 réveille quelqu’un.", kind="stat",
                  queries=(("{{slo}}", "puls:slo_errors:ratio_rate1h"),), unit="percentunit"),
            Panel(title="Alertes en cours", says="Jugées par Puls lui-même, chaque minute.", kind="stat",
                  queries=(("{{alert}}", f"sum by (alert) ({M.ALERTS_FIRING}) > 0 or vector(0)"),)),
            Panel(title="Réponses HTTP", says="Par classe de statut, par seconde.", queries=per_second(M.HTTP_ANSWERS, "status_class"), unit="reqps"),
            Panel(title="Durée des requêtes par route (p95)", says="Le vingtième le plus lent.", unit="s",
                  queries=(("{{route}}", f"histogram_quantile(0.95, sum by (le, route) (rate({M.HTTP_SECONDS}_bucket{RATE})))"),)),
            Panel(title="Première fiche", says="De la question aux événements.", queries=quantiles(M.FIRST_CARD_SECONDS), unit="s"),
            Panel(title="Première phrase", says="De la question à la première phrase.", queries=quantiles(M.FIRST_TEXT_SECONDS), unit="s"),
            Panel(title="Réponse entière", says="De la question au dernier mot.", queries=quantiles(M.ANSWER_SECONDS), unit="s"),
            Panel(title="Étapes (p95)", says="Chaque étape d’un tour, d’une recherche ou d’une tâche.", unit="s",
                  queries=(("{{step}}", f"histogram_quantile(0.95, sum by (le, step) (rate({M.STEP_SECONDS}_bucket{RATE})))"),)),
            Panel(title="Échecs de tours", says="Par raison.", queries=per_second(M.TURN_FAILURES, "reason"), needs="a turn that failed"),
            Panel(title="Transactions", says="Attente de la connexion comprise.", queries=quantiles(M.DATABASE_SECONDS), unit="s"),
            Panel(title="Connexions", says="Prêtées, libres, et requêtes qui attendent.",
                  queries=(("{{state}}", f"sum by (state) ({M.DATABASE_CONNECTIONS})"), ("en attente", f"sum({M.DATABASE_WAITING})"))),
            Panel(title="Base de données : refus", says="Occupée ou absente.", queries=per_second(M.DATABASE_ERRORS, "reason")),
            Panel(title="Âge des sources", says="Depuis la dernière lecture complète.", queries=(("{{source}}", f"max by (source) ({M.SOURCE_AGE})"),), unit="s"),
            Panel(title="Quarantaine", says="Fiches dont aucun événement n’a pu être tiré, par raison.",
                  queries=(("{{reason}}", f"max by (reason) ({M.QUARANTINED})"),), needs="a record in quarantine"),
            Panel(title="Index", says="Événements avec et sans vecteur.", queries=(("{{state}}", f"max by (state) ({M.INDEX_EVENTS})"),)),
            Panel(title="Tâche la plus ancienne", says="Attente de la plus ancienne tâche prête.", queries=(("attente", f"max({M.QUEUE_AGE})"),), unit="s"),
            Panel(title="Planifications en retard", says="En périodes ; 2 et plus : morte.",
                  queries=(("{{job}}", f"max by (job) ({M.SCHEDULE_OVERDUE})"),), needs="the worker"),
            Panel(title="Disque libre", says="Du disque de PULS_HOME.", queries=(("libre", f"min({M.DISK_FREE})"),), unit="percentunit"),
        ),
    ),
    "quality": (
        "Puls – qualité",
        (
            Panel(title="Dans le thème", says="Part des recherches dont le meilleur événement est dans le thème.", unit="percentunit",
                  queries=(("dans le thème", share(M.MATCHES, "match", "on_theme")), ("rien", share(M.MATCHES, "match", "nothing")))),
            Panel(title="Phrases retirées", says="Que les fiches ne confirment pas ; personne ne les a vues.", unit="percentunit",
                  queries=(("{{writer}}", f'sum by (writer) (rate({M.SENTENCES}{{outcome="dropped"}}{RATE})) / sum by (writer) (rate({M.SENTENCES}{RATE}))'),)),
            Panel(title="Affirmations confirmées", says="Par les fiches.", queries=per_second(M.CLAIMS, "outcome")),
            Panel(title="Compréhension sûre", says="Part des messages dont les mots seuls disent ce qui est voulu.", unit="percentunit",
                  queries=(("sûre", share(M.UNDERSTOOD, "certainty", "sure")),)),
            Panel(title="Regards sur le web", says="Par issue.", queries=per_second(M.WEB_LOOKS, "outcome"), needs="a look on the web"),
            Panel(title="Vérifications d’événements", says="Par ce qui a été vu.", queries=per_second(M.WEB_CHECKS, "outcome"), needs="a check on the web"),
            Panel(title="Durée des regards sur le web", says="Quelle qu’en soit l’issue.", queries=quantiles(M.WEB_LOOK_SECONDS), unit="s", needs="a look on the web"),
            Panel(title="Réponses gardées", says="Redites sans modèle, ou pourquoi non.", queries=per_second(M.ANSWER_CACHE, "outcome"), needs="a model"),
            Panel(title="Recherches", says="Trouvé ou non, avec ou sans vecteurs.", queries=(("{{outcome}} {{mode}}", f"sum by (outcome, mode) (rate({M.SEARCHES}{RATE}))"),)),
        ),
    ),
    "product": (
        "Puls – produit",
        (
            Panel(title="Visiteurs aujourd’hui", says="Distincts, depuis minuit.", kind="stat", queries=(("visiteurs", f"max({M.VISITORS_TODAY})"),)),
            Panel(title="Questions", says="Par issue, par minute.", queries=(("{{outcome}}", f"60 * sum by (outcome) (rate({M.TURNS}{RATE}))"),)),
            Panel(title="Genres de tours", says="Ce qui est demandé.", queries=per_second(M.TURN_KINDS, "kind")),
            Panel(title="Langues", says="De la réponse.", queries=per_second(M.TURN_LANGUAGES, "language")),
            Panel(title="Thèmes", says="Genres d’événements demandés.", queries=per_second(M.THEMES, "theme")),
            Panel(title="Demande sans réponse", says="Rien dans le thème, par région et par genre, sur 24 h.", kind="table",
                  queries=(("{{region}} {{theme}}", f"topk(20, sum by (region, theme) (increase({M.UNMET}[24h])))"),), needs="a search that finds nothing"),
            Panel(title="Relances", says="Messages déjà échangés avant celui-ci.", queries=per_second(M.FOLLOW_UPS, "before")),
            Panel(title="Pouces", says="Donnés, changements compris.", queries=per_second(M.THUMBS, "thumb"), needs="a thumb"),
            Panel(title="Réservations", says="Visiteurs menés vers une billetterie, une inscription ou la page de l’organisateur.", queries=per_second(M.BOOKINGS, "to"), needs="a tap on « Réserver »"),
            Panel(title="Sortie trouvée ?", says="Note moyenne de 1 à 5, sur 24 h.", kind="stat",
                  queries=(("note", f"sum(increase({M.SURVEY}_sum[24h])) / sum(increase({M.SURVEY}_count[24h]))"),), needs="an answer to the survey"),
        ),
    ),
    "cost": (
        "Puls – coûts",
        (
            Panel(title="Dépensé aujourd’hui", says="Modèles et web, tous serveurs.", kind="stat", unit="currencyEUR", queries=(("€", f"max({M.BUDGET_SPENT})"),)),
            Panel(title="Budget du jour", says="Part dépensée.", kind="stat", unit="percentunit",
                  queries=(("part", f"max({M.BUDGET_USED})"),), needs="PULS_DAILY_BUDGET_EUR"),
            Panel(title="Coût des modèles", says="Euros par heure, par modèle et usage.", unit="currencyEUR",
                  queries=(("{{model}} {{purpose}}", f"3600 * sum by (model, purpose) (rate({M.MODEL_COST}{RATE}))"),), needs="a model"),
            Panel(title="Coût par réponse", says="Modèles et web, sur 24 h.", unit="currencyEUR",
                  queries=(("€ / réponse", f"sum(increase({M.MODEL_COST}[24h])) / sum(increase({M.TURNS}[24h]))"),), needs="a model"),
            Panel(title="Jetons", says="Par modèle et sens, par seconde.",
                  queries=(("{{gen_ai_request_model}} {{gen_ai_token_type}}", f"sum by (gen_ai_request_model, gen_ai_token_type) (rate({M.MODEL_TOKENS}_sum{RATE}))"),), needs="a model"),
            Panel(title="Durée des modèles", says="Une demande entière.", queries=quantiles(M.MODEL_SECONDS, "gen_ai_request_model"), unit="s", needs="a model"),
            Panel(title="Premier mot des modèles", says="De la demande au premier mot.", queries=quantiles(M.MODEL_FIRST_TOKEN_SECONDS, "gen_ai_request_model"), unit="s", needs="a model"),
            Panel(title="Fautes des modèles", says="Par genre ; vide : aucune.",
                  queries=(("{{error_type}}", f'sum by (error_type) (rate({M.MODEL_SECONDS}_count{{error_type!=""}}{RATE}))'),), needs="a model that fails"),
            Panel(title="Disjoncteurs ouverts", says="Fournisseurs laissés au repos.", queries=(("{{model}}", f"max by (model) ({M.MODEL_CIRCUIT_OPEN})"),), needs="a model"),
            Panel(title="Qui écrit", says="Le rédacteur de secours ou un modèle.", queries=per_second(M.ANSWERS, "writer")),
            Panel(title="Recherches web", says="Par fournisseur et issue.",
                  queries=(("{{provider}} {{outcome}}", f"sum by (provider, outcome) (rate({M.WEB_SEARCHES}{RATE}))"),), needs="a search provider"),
        ),
    ),
}  # fmt: skip
