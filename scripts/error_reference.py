"""`docs/reference/errors.md` from the code: every failure that HTTP can answer, its cause, and what to do. `python -m scripts.error_reference`.

Causes are the docstrings of the classes; what to do stands here, and a code without it stops the script.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import puls
from puls.errors import PulsError

PAGE = Path(__file__).parents[1] / "docs/reference/errors.md"
_NOT_HTTP = {
    "backup_failed", "ingestion_failed", "removal_refused", "source_busy", "source_refused", "source_unavailable", "puls_error",
    "cut_file", "unreadable_file", "job_given_up", "job_timed_out", "stored_wish_unreadable", "page_not_read", "search_failed", "notice_not_sent", "not_sent",
}  # fmt: skip
_OF_THE_EDGE = (
    (404, "not_found", "There is nothing at this address."),
    (405, "method_not_allowed", "The address exists and does not take this method."),
    (408, "body_too_slow", "The body of the request did not arrive in time."),
    (
        421,
        "misdirected_request",
        "The request was sent to a name under which this Puls does not answer.",
    ),
    (422, "invalid_input", "A field or the body cannot be read; `errors` names each field."),
    (500, "internal_error", "Something went wrong on our side that nobody foresaw."),
    (503, "too_slow", "No answer within the time that a request may take; it was stopped."),
)
WHAT_TO_DO = {
    "answer_failed": "Send the message again; nothing was kept of the failed answer.",
    "around_visitor": "Name a town instead of « près de moi », then keep the search.",
    "asked_too_often": "Look into the mailbox, also among spam; else ask again tomorrow (`Retry-After`).",
    "body_too_slow": "Send the body at once; check the line between you and Puls.",
    "consent_needed": "Ask the person, then `PUT /v1/me/consent`, then send it again.",
    "database_busy": "Try again after `Retry-After`; if it lasts, tell the operator.",
    "database_unavailable": "Try again after `Retry-After`; if it lasts, tell the operator (docs/runbooks/database.md).",
    "embedding_unavailable": "Nothing: words find what they can, and the answer says so.",
    "forbidden": "Use a key with the scope that the sentence names: `puls keys create NAME --scope SCOPE`.",
    "internal_error": "Try once more; if it comes again, report `request_id`: the log has the reason under it.",
    "invalid_input": "Mend the fields that `errors` names. Do not send the same again.",
    "letter_not_sent": "Try again in a few minutes.",
    "letters_off": "Use a feed, or ask the operator to set `PULS_LETTERS_FROM`, `PULS_ALERTS_SMTP` and `PULS_PUBLIC_URL`.",
    "limit_reached": "Delete one of those that are kept, then send it again.",
    "mailbox_refused": "Check how the address is written.",
    "method_not_allowed": "Use a method that the `Allow` header names.",
    "misdirected_request": "Ask under the name of `PULS_PUBLIC_URL`, or have the operator add yours to `PULS_ALLOWED_HOSTS`.",
    "model_interrupted": "Nothing: the answer goes on without the model.",
    "model_unavailable": "Nothing: the answer is written without a model.",
    "not_found": "Check the address and the ids; what belongs to another visitor is not found either.",
    "overloaded": "Wait `Retry-After`, then send it again; nothing was begun.",
    "rate_limited": "Wait `Retry-After`. Send less at once, or with a key of your own: limits are per visitor or key.",
    "schema_too_new": "The operator runs an older Puls over newer tables: upgrade it.",
    "too_large": "Send less: bodies end at 1 MiB.",
    "too_slow": "Try again after `Retry-After`; ask something narrower if it lasts.",
    "unauthorized": "Leave the key out (chat and search need none), or make one: `puls keys create NAME --scope chat --scope search`.",
    "web_off": "Nothing: this Puls does not look on the web; `PULS_WEB` decides.",
}
_HEAD = """# Errors

Made from the code by `python -m scripts.error_reference`; a test compares. Every failure is `application/problem+json` (RFC 9457):

```json
{"type": "urn:puls:problem:not_found", "title": "Not Found", "status": 404, "detail": "No event has the uid '0'.",
 "code": "not_found", "instance": "/v1/events/0", "request_id": "6f0c…"}
```

`code` is stable: decide by it. `detail` is a sentence for people and may be reworded. `errors` names fields where it is about them. Quote
`request_id` when you ask for help. At `/v1/chat/completions` and `/v1/models` the same stands also in OpenAI's `error`. In the stream of
`POST /v1/chat` a turn that could not be answered ends with `event: error` and the same kind of `code`.

| status | code | cause | what to do |
|---|---|---|---|
"""


def _modules() -> None:
    for module in pkgutil.walk_packages(puls.__path__, "puls."):
        if not module.name.startswith(("puls.langchain", "puls.migrations")):
            importlib.import_module(module.name)


def _kinds(base: type[PulsError] = PulsError) -> Iterator[type[PulsError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def page() -> str:
    """The whole page.

    Raises:
        KeyError: a code has no advice yet.
    """
    _modules()
    rows = {(status, code): cause for status, code, cause in _OF_THE_EDGE}
    for kind in _kinds():
        is_http = kind.code not in _NOT_HTTP and kind.__module__.startswith("puls.")
        is_answered = kind.code in WHAT_TO_DO or kind.status != HTTPStatus.INTERNAL_SERVER_ERROR
        if is_http and is_answered:
            cause = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
            rows.setdefault((kind.status, kind.code), cause)
    lines = [
        f"| {status} | `{code}` | {cause} | {WHAT_TO_DO[code]} |"
        for (status, code), cause in sorted(rows.items())
    ]
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
