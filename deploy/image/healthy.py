"""Whether the Puls of this container answers: exit code 0 or 1. The standard library alone; started every few seconds."""

import sys
import urllib.error
import urllib.request

_SECONDS = 4.0


def main(address: str = "http://127.0.0.1:8000/health/live") -> int:
    """Ask once; what goes wrong is one line."""
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # our own address
            return 0 if answer.status == 200 else 1
    except (OSError, urllib.error.URLError) as error:
        print(f"{address}: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
