"""Python's spelling of lists and objects, as data frames write them into CSV cells.

Pure and bounded: `{'id': 6, 'label': {'fr': 'Annulé'}}`, also NumPy's `['jazz' 'blues']` without commas, and the calls by
which Python writes arrays and moments. Nothing is ever evaluated. Enter at `python_literal`.
"""

import ast
import io
import re
import tokenize
from datetime import UTC, datetime
from typing import Any, Final

_LONGEST: Final = 200_000  # characters; 800 timings take 80,000
_DEEPEST: Final = 20
_OPENS: Final = frozenset("[{(")
_CLOSES: Final = frozenset("]})")
_BEGINS: Final = re.compile(
    r"[\[{]|\(['\"]|(?:np\.|numpy\.)?array\(|(?:collections\.)?OrderedDict\("
)


def python_literal(text: str) -> Any:
    """The list or object that the text spells; None when it spells none."""
    if not begins_a_literal(text) or len(text) > _LONGEST or not ("'" in text or '"' in text):
        return None
    try:
        tree = ast.parse(_with_commas(text), mode="eval")
        value = ast.literal_eval(_Spelling().visit(tree))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, tokenize.TokenError):
        return None
    plain = _plain(value)
    return plain if isinstance(plain, list | dict) else None


def begins_a_literal(text: str) -> bool:
    """Whether it may be worth a reading."""
    return _BEGINS.match(text) is not None


class _Spelling(ast.NodeTransformer):
    """Calls that only spell a value, as that value; every other call stays one and is refused."""

    def visit_Set(self, node: ast.Set) -> ast.AST:
        """As a list: a set would change its order from one process to the next."""
        self.generic_visit(node)
        return ast.List(elts=node.elts, ctx=ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match ast.unparse(node.func).rpartition(".")[2], node.args:
            case "array" | "Timestamp", [first, *_]:
                return first
            case "OrderedDict", [ast.List(elts=pairs)]:
                return _object(pairs)
            case "datetime" | "date", numbers:
                return ast.Constant(_moment(numbers, node.keywords))
            case _:
                return node


def _object(pairs: list[ast.expr]) -> ast.Dict:
    made = ast.Dict(keys=[], values=[])
    for pair in pairs:
        if not isinstance(pair, ast.Tuple):
            raise ValueError  # noqa: TRY004 - refused like everything else
        key, value = pair.elts
        made.keys.append(key)
        made.values.append(value)
    return made


def _moment(numbers: list[ast.expr], keywords: list[ast.keyword]) -> str:
    """`datetime(2026, 12, 12, 20, 0)` as text; in a zone other than UTC it is not known which offset that was."""
    zones = [ast.unparse(word.value) for word in keywords]
    if any(not zone.lower().endswith("utc") for zone in zones):
        raise ValueError
    parts = [ast.literal_eval(number) for number in numbers]
    if len(parts) < len(("year", "month", "day")):
        raise ValueError
    moment = datetime(*parts)  # noqa: DTZ001 - its zone follows
    return (moment.replace(tzinfo=UTC) if zones else moment).isoformat()


def _with_commas(text: str) -> str:
    """Commas between neighbours that have none, `None` for what is not a number; refuses depth and calls."""
    pieces: list[str] = []
    depth = 0
    before: tokenize.TokenInfo | None = None
    for token in tokenize.generate_tokens(io.StringIO(text.replace("\n", " ")).readline):
        if token.type in {tokenize.ENDMARKER, tokenize.NEWLINE, tokenize.NL}:
            continue
        depth += (token.string in _OPENS) - (token.string in _CLOSES)
        if depth > _DEEPEST:
            raise ValueError
        if before is not None and _ends_a_value(before) and _begins_a_value(token):
            pieces.append(",")
        pieces.append(
            "None" if token.string in {"nan", "NaN", "NaT", "null"} else _spelt(token.string)
        )
        before = token
    return " ".join(pieces)


def _spelt(word: str) -> str:
    return {"true": "True", "false": "False"}.get(word, word)


def _ends_a_value(token: tokenize.TokenInfo) -> bool:
    return token.type in {tokenize.STRING, tokenize.NUMBER} or token.string in {"]", "}", ")"}


def _begins_a_value(token: tokenize.TokenInfo) -> bool:
    return token.type in {tokenize.STRING, tokenize.NUMBER} or token.string in {"[", "{"}


def _plain(value: Any) -> Any:
    """Only what JSON knows."""
    match value:
        case dict():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case bytes():
            return value.decode("utf-8", "replace")
        case str() | int() | float() | bool() | None:
            return value
        case _:
            return str(value)
