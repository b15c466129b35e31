"""Builds the site offline.

Pages of docs/ are copied as they are; a link that leads out of docs/ gets a page that shows that file, so that each figure can be followed
to its source without a network. Enter at `build_site`.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from study.figures.figure import StudyError

_LINK = re.compile(r"(?<!\\)\]\((?P<to>[^)\s#:]+)(?P<anchor>#[^)\s]*)?\)")
_LANGUAGES = {".py": "python", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".sql": "sql", ".sh": "sh"}  # fmt: skip
_MOST = 60_000  # characters of a file that a page shows
_PATIENCE_SECONDS = 150


def build_site(root: Path, target: Path) -> None:
    """Writes `target`. Raises StudyError with zensical's own words when it refuses a page."""
    staged = target.with_name("site-pages")
    shutil.rmtree(staged, ignore_errors=True)
    shutil.copytree(root / "docs", staged)
    for page in sorted(staged.rglob("*.md")):
        _lead_in(page, staged, root)
    shutil.copy(root / "study/site/study.css", staged / "study.css")
    config = target.with_name("mkdocs.yml")
    config.write_text(_config(root, staged, target), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", config.name],
        cwd=config.parent, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise StudyError(f"zensical refuses the site:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def _lead_in(page: Path, staged: Path, root: Path) -> None:
    """Rewrites the links of a page that leave docs/."""
    original = root / "docs" / page.relative_to(staged)

    def new(link: re.Match[str]) -> str:
        to = (original.parent / link["to"]).resolve()
        if to.is_relative_to(root / "docs") and (to.suffix in {".md", ".png", ".svg"} or to.is_dir()):  # fmt: skip
            shown = staged / to.relative_to(root / "docs")
            if to.is_dir():
                shown = _page_of(to, staged, root)
        elif to.is_relative_to(root) and to.exists():
            shown = _page_of(to, staged, root)
        else:
            return link[0]
        anchor = link["anchor"] or ""
        return f"]({os.path.relpath(shown, page.parent)}{anchor if to.suffix == '.md' else ''})"

    page.write_text(_LINK.sub(new, page.read_text(encoding="utf-8")), encoding="utf-8")


def _page_of(file: Path, staged: Path, root: Path) -> Path:
    """A page that shows a file, or what a folder holds."""
    name = str(file.relative_to(root))
    page = staged / "fichiers" / f"{name.strip('.').replace('/', '-')}.md"
    if page.exists():
        return page
    page.parent.mkdir(exist_ok=True)
    if file.is_dir():
        body = "\n".join(f"- `{one.name}`" for one in sorted(file.iterdir()) if "__pycache__" not in one.name)  # fmt: skip
    elif file.suffix == ".md":
        body = re.sub(r"\]\([^)]*\)", "]", file.read_text(encoding="utf-8")).replace("[", "\\[")
    else:
        text = file.read_text(encoding="utf-8", errors="replace")
        cut = "\n…" if len(text) > _MOST else ""
        body = f"````{_LANGUAGES.get(file.suffix, 'text')}\n{text[:_MOST]}{cut}\n````"
    page.write_text(f"# {name}\n\n{body}\n", encoding="utf-8")
    return page


def _config(root: Path, staged: Path, target: Path) -> str:
    nav = (root / "study/site/nav.yaml").read_text(encoding="utf-8")
    return (
        f"site_name: Puls\nsite_description: Assistant de sorties culturelles\nsite_url: ''\nuse_directory_urls: false\ndocs_dir: {staged.name}\n"
        f"site_dir: {target.name}\nstrict: true\ntheme:\n  language: fr\n  font: false\n"
        "  features: [navigation.sections, navigation.top, search.suggest]\n  palette:\n"
        "    - {media: '(prefers-color-scheme)', scheme: default, primary: red}\n"
        "markdown_extensions:\n  - tables\n  - attr_list\n  - md_in_html\n  - admonition\n  - pymdownx.superfences\n  - toc: {permalink: true}\n"
        f"extra_css: [study.css]\n{nav}"
    )
