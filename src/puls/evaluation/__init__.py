"""How good the answers are: judged questions, expressions, themes, conversations; compared with a baseline; drift.

`questions` and `ranked` judge a ranking, `expressions` what is understood, `themes` whether « nothing » is said rightly,
`talks` whole conversations with their checks, `judged` asks a model. `running` holds them all and `comparing` says what
is worse beyond noise; `report` writes it. `added` makes a case of a bad thumb. `drift` watches what is asked.
"""

from puls.evaluation.questions import (
    JudgedQuestion,
    given_wish,
    question_of,
    read_questions,
    understood_wish,
)
from puls.evaluation.ranked import (
    Verdict,
    ceiling,
    evaluate,
    ndcg,
    recall,
    reciprocal_rank,
    summary,
)

__all__ = [
    "JudgedQuestion",
    "Verdict",
    "ceiling",
    "evaluate",
    "given_wish",
    "ndcg",
    "question_of",
    "read_questions",
    "recall",
    "reciprocal_rank",
    "summary",
    "understood_wish",
]
