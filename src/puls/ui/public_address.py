"""Where the world finds this Puls: the base of absolute addresses. Pure."""

from starlette.requests import Request

from puls.bootstrap import Puls


def public_base(request: Request, puls: Puls) -> str:
    """`PULS_PUBLIC_URL`, else the address that this request was sent to; without a slash at its end."""
    return (puls.settings.public_url or str(request.base_url)).rstrip("/")


def feed_url(request: Request, puls: Puls, *, token: str) -> str:
    """Where a calendar subscribes to what a visitor follows; `token` makes it theirs."""
    return f"{public_base(request, puls)}/v1/me/followed.ics?token={token}"
