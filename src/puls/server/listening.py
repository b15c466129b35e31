"""The port, taken before anything else is begun: whoever cannot have it learns so at once."""

import errno
import socket

from puls.errors import InvalidInputError

_BACKLOG = 2048


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens: visitors who come early wait until Puls is ready, and no second one gets the port.

    Raises:
        InvalidInputError: the port is taken, needs more rights, or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise InvalidInputError(
            f"{host} is no address that can be listened on ({error.strerror})."
        ) from error
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
        opened.bind(address)
        opened.listen(_BACKLOG)
    except OSError as error:
        opened.close()
        raise InvalidInputError(_why_not(error, host, port)) from error
    opened.setblocking(False)
    return opened


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} is taken; use --port"
        case errno.EACCES | errno.EPERM:
            return f"port {port} needs more rights than this user has; use --port with 1024 or more"
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine; use --host"
        case _:
            return f"nothing can listen on {host}:{port} ({error.strerror})"
