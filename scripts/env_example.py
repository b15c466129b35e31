"""Write `.env.example`: every setting of Puls, from `puls.settings.Settings`, with what it means and its usual value.

`python -m scripts.env_example` (part of `make docs`); `--check` fails when the file is not what would be written. Nothing is set in
it: each line is a comment until somebody removes its mark, so a copy of the file changes nothing.
"""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from puls.settings import Settings

ROOT = Path(__file__).parents[1]
FILE = ROOT / ".env.example"
_WIDTH = 118
_HEAD = """\
# Every setting of Puls. Copy to `.env` (mode 600) where Puls starts, or name it in compose.yaml and in the systemd units.
# Written by `python -m scripts.env_example` from src/puls/settings.py; values shown are the usual ones.
"""
_BESIDE = {  # of compose.yaml and of deploy/, read by no program of ours
    "DEPLOY_IMAGE": "the image to run, with its digest in production",
    "DEPLOY_DOMAIN": "the name that Caddy answers to and asks a certificate for",
    "DEPLOY_MEMORY": "the most that a process of Puls may hold, 2g when unset",
    "DEPLOY_BACKUPS_KEPT": "how many dumps stay in the volume, 14 when unset",
    "DEPLOY_POSTGRES_PASSWORD": "of the account `puls`; made by `deploy/secrets.sh`",
    "DEPLOY_GRAFANA_PASSWORD": "of Grafana's account `admin`; made by `deploy/secrets.sh`",
    "DEPLOY_SEARXNG_SECRET": "SearXNG's own; made by `deploy/secrets.sh`",
}


def text() -> str:
    """The file as it should be."""
    lines = [_HEAD]
    for name, field in sorted(Settings.model_fields.items()):
        lines += [*_comment(field), f"#PULS_{name.upper()}={_value(field)}", ""]
    lines.append("# -- Read by compose.yaml alone " + "-" * 60)
    for name, meaning in _BESIDE.items():
        lines += [f"# {meaning}", f"#{name}=", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _comment(field: FieldInfo) -> Iterator[str]:
    bounds = ", ".join(
        f"{words} {getattr(one, limit)}"
        for one in field.metadata
        for limit, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"))
        if hasattr(one, limit)
    )
    said = "; ".join(filter(None, (field.description, bounds)))
    for line in textwrap.wrap(said, _WIDTH):
        yield f"# {line}"


def _value(field: FieldInfo) -> str:
    default = field.default
    if default is None or default is PydanticUndefined or isinstance(default, SecretStr):
        return ""
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return str(default)


def main() -> int:
    """Write, or with `--check` compare."""
    wanted = text()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(wanted, encoding="utf-8")
        return 0
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == wanted:
        return 0
    print(
        ".env.example is not what the settings say: python -m scripts.env_example", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
