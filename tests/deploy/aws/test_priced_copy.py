"""The cost model's copy of what is priced, beside the templates."""

from pathlib import Path

from deploy.aws.priced_copy import COPY, text_of


def test_the_cost_model_prices_what_the_templates_would_make(folder: Path) -> None:
    """Infrastructure and study cannot disagree: `make study-aws` writes the copy again."""
    assert COPY.read_text(encoding="utf-8") == text_of(folder)
