"""Pages that ask for a human in place of an answer, recognised by what their makers write into them. Pure.

Such a page is an honest « no » to a robot. Puls never tries to get round it and leaves the host alone for a day.
Two kinds of marks: those that stand in nothing else, and widgets that honest pages carry too (a captcha in a contact
form): these count only with a status that refuses. Seen in makers' documentation and on French ticket shops, Oct 2026.
"""

import re
from collections.abc import Mapping
from typing import Final

_REFUSING: Final = frozenset({401, 403, 405, 429, 503})
_HEADERS: Final = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
    ("x-amzn-waf-action", "challenge", "AWS WAF"),
    ("x-amzn-waf-action", "captcha", "AWS WAF"),
)
_ALONE: Final = (  # stand in nothing but a challenge
    (re.compile(r"Vercel Security Checkpoint", re.IGNORECASE), "Vercel"),
    (re.compile(r"window\._cf_chl_opt|cf-browser-verification|id=\"challenge-error-text\"", re.IGNORECASE), "Cloudflare"),
    (re.compile(r"<title>\s*(?:just a moment\.\.\.|un instant…|attention required! \| cloudflare)", re.IGNORECASE), "Cloudflare"),
    (re.compile(r"https?://(?:geo|ct|interstitial)\.captcha-delivery\.com/(?:c\.js|i\.js|captcha|interstitial)", re.IGNORECASE), "DataDome"),
    (re.compile(r"Incapsula incident ID|_Incapsula_Resource\?SWUDNSAI=", re.IGNORECASE), "Imperva"),
    (re.compile(r"Pardon Our Interruption", re.IGNORECASE), "Imperva"),
    (re.compile(r"AwsWafIntegration\.(?:getToken|forceRefreshToken|saveReferrer)|window\.gokuProps", re.IGNORECASE), "AWS WAF"),
    (re.compile(r"id=[\"']px-captcha|window\._pxUuid|/captcha/captcha\.js\?a=c&(?:amp;)?u=", re.IGNORECASE), "HUMAN"),
    (re.compile(r"/_sec/cp_challenge/|id=[\"']sec-if-cpt-container", re.IGNORECASE), "Akamai"),
    (re.compile(r"sucuri_cloudproxy_js", re.IGNORECASE), "Sucuri"),
    (re.compile(r"id=[\"']anubis_challenge|<title>\s*Making sure you(?:'|&#39;|’)re not a bot", re.IGNORECASE), "Anubis"),
    (re.compile(r"KPSDK\.(?:scriptStart|now)", re.IGNORECASE), "Kasada"),
    (re.compile(r"<title>\s*DDoS-Guard\s*</title>", re.IGNORECASE), "DDoS-Guard"),
    (
        re.compile(
            r"<title>[^<]{0,60}(?:are you (?:a )?(?:robot|human)|êtes-vous un (?:robot|humain)|vous n(?:'|’|&#39;)êtes pas un robot"
            r"|human verification|vérification humaine|robot check|bot verification)",
            re.IGNORECASE,
        ),
        "unnamed",
    ),
)  # fmt: skip
_WIDGETS: Final = (
    (re.compile(r"captcha-delivery\.com|datadome", re.IGNORECASE), "DataDome"),
    (re.compile(r"challenge-platform/|challenges\.cloudflare\.com|cf-turnstile", re.IGNORECASE), "Cloudflare"),
    (re.compile(r"_Incapsula_Resource", re.IGNORECASE), "Imperva"),
    (re.compile(r"awswaf\.com", re.IGNORECASE), "AWS WAF"),
    (re.compile(r"captcha", re.IGNORECASE), "captcha"),
)  # fmt: skip
_HOSTS: Final = (
    ("queue-it.net", "Queue-it"),
    ("captcha-delivery.com", "DataDome"),
    ("perfdrive.com", "Radware"),
    ("challenges.cloudflare.com", "Cloudflare"),
)


def challenge_in(status: int, headers: Mapping[str, str], start: str) -> str | None:
    """Whose challenge this answer is, or None. `headers` by lower-case name, `start` the first characters of the body."""
    for name, value, maker in _HEADERS:
        if headers.get(name, "").strip().lower() == value:
            return maker
    for mark, maker in _ALONE:
        if mark.search(start):
            return maker
    if status in _REFUSING:
        if "x-kpsdk-ct" in headers:
            return "Kasada"
        return next((maker for mark, maker in _WIDGETS if mark.search(start)), None)
    return None


def challenger(host: str) -> str | None:
    """Whose challenge or waiting room lives at this host, to which a site may redirect."""
    return next(
        (maker for name, maker in _HOSTS if host == name or host.endswith(f".{name}")), None
    )
