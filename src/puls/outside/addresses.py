"""Which addresses Puls may talk to: IP addresses after resolving, and web addresses before. Pure.

Text is never trusted to say where it leads: `http://0x7f.1/` is the loopback. So the verdict that counts is `judge`, on
what a name resolved to; `web_address` only turns away early what could never be a public page. Names of registries:
IANA's special-purpose address registries, RFC 6890 and what was added to it.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

import httpx

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_LONGEST_URL = 4_096  # characters; ticket links with their tracking reach 1,500
_LONGEST_NAME = 253
_PORTS: Final = {"http": 80, "https": 443}

_REFUSED_V4: Final = tuple(
    (ipaddress.IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "metadata"),  # Azure's, a public address that only its machines reach
        ("169.254.0.0/16", "link-local"),  # with the metadata of most clouds
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6: Final = tuple(
    (ipaddress.IPv6Network(network), why)
    for network, why in (
        ("::1/128", "loopback"),
        ("::/128", "unspecified"),
        ("64:ff9b:1::/48", "NAT64 of somebody's own"),  # where the IPv4 stands is their choice
        ("100::/64", "discard"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_V4_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
_V4_TRANSLATED: Final = ipaddress.IPv6Network("::ffff:0:0:0/96")
_V4_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")
_ISATAP: Final = (0x00005EFE, 0x02005EFE)

_NOT_PUBLIC = re.compile(
    r"(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|onion|home\.arpa)$"
)
_NAME = re.compile(
    r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)+"
)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_CREDENTIALS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*@", re.IGNORECASE)  # also empty ones
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class RefusedAddressError(ValueError):
    """A web address that Puls does not ask; the message says why and names no visitor."""


def judge(address: str | IPAddress) -> str | None:
    """Why this IP address is refused, in a word or two; None when it is a public one.

    An IPv4 inside an IPv6 is judged as itself where that is how packets would travel: mapped, translated (NAT64), 6to4,
    ISATAP. What is not an IP address is refused.
    """
    try:
        address = ipaddress.ip_address(address)
    except ValueError:
        return "not an IP address"
    if isinstance(address, ipaddress.IPv4Address):
        return _listed(address) or (None if address.is_global else "not global")
    return _judge_v6(address)


def _judge_v6(address: ipaddress.IPv6Address) -> str | None:
    inside = _inside(address)
    if inside is not None:
        if why := judge(inside):
            return f"{why}, inside an IPv6"
        if address in _V4_MAPPED or address in _NAT64:
            return None
    if why := "of one link" if address.scope_id else _listed(address):
        return why
    return None if address in _GLOBAL_V6 and address.is_global else "not global"


def _listed(address: IPAddress) -> str | None:
    if isinstance(address, ipaddress.IPv4Address):
        return next((why for network, why in _REFUSED_V4 if address in network), None)
    return next((why for network, why in _REFUSED_V6 if address in network), None)


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 that an IPv6 carries, by how it is written."""
    number = int(address)
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in (_V4_MAPPED, _V4_TRANSLATED, _NAT64)):
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _V4_COMPATIBLE and number > 0xFFFF:  # noqa: PLR2004 - `::` and `::1` carry none
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """A web address as it is asked: each part comes from the same reading, so that none can differ from another.

    `host` is lower case ASCII without a final dot (an IPv6 without brackets); `target` is path and query as sent; `url`
    is all of it without a fragment.
    """

    url: str
    scheme: str
    host: str
    port: int
    target: bytes

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port: what the Host header says."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"


def web_address(text: str, *, base: WebAddress | None = None) -> WebAddress:
    """Read a web address, relative to `base` where one is given.

    Raises:
        RefusedAddressError: it is not http(s), its port is not 80 or 443, it carries credentials, it is too long, it can
            be read in two ways, or its host is no public name or address.
    """
    text = text.strip(" ")
    if not text or len(text) > _LONGEST_URL:
        raise RefusedAddressError("it is empty" if not text else "it is too long")
    if "\\" in text or _CONTROL.search(text):
        raise RefusedAddressError("it holds a backslash or a control character")
    try:
        parsed = httpx.URL(urljoin(base.url, text) if base else text)
        host = parsed.raw_host.decode("ascii").lower()
        port = parsed.port
    except (httpx.InvalidURL, ValueError) as error:  # IDNA failures are ValueErrors too
        raise RefusedAddressError("it cannot be read") from error
    if parsed.scheme not in _PORTS:
        raise RefusedAddressError("it is neither http nor https")
    if parsed.userinfo or _CREDENTIALS.match(text):
        raise RefusedAddressError("it carries credentials")
    if port is not None and port not in _PORTS.values():
        raise RefusedAddressError("its port is neither 80 nor 443")
    port = port or _PORTS[parsed.scheme]
    host = _public_host(host)
    address = WebAddress(
        url="", scheme=parsed.scheme, host=host, port=port, target=parsed.raw_path or b"/"
    )
    url = address.origin + address.target.decode("ascii")
    if len(url) > _LONGEST_URL:
        raise RefusedAddressError("it is too long")
    return WebAddress(url=url, scheme=parsed.scheme, host=host, port=port, target=address.target)


def _public_host(host: str) -> str:
    """The host in one form, where it may be public."""
    host = host.removesuffix(".")
    try:
        literal: IPAddress | None = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        literal = None
    if literal is not None:
        if why := judge(literal):
            raise RefusedAddressError(f"its address is refused: {why}")
        return str(literal)
    if len(host) > _LONGEST_NAME or not _NAME.fullmatch(host):
        raise RefusedAddressError("its host is no public name")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise RefusedAddressError("its host is a number in disguise")
    if _NOT_PUBLIC.search(host):
        raise RefusedAddressError("its host is a name of an inner network")
    return host
