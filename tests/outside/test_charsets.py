"""A page is read in the letters it was written in: « théâtre » is the word that events are found by."""

import codecs

import pytest

from puls.outside.charsets import text_of

WORDS = "<p>Théâtre : « l’été » à 12 €</p>"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (WORDS.encode(), "utf-8"),
        (WORDS.encode(), None),
        (WORDS.encode(), "iso-8859-99"),
        (WORDS.encode(), "unicode_escape"),
        (WORDS.encode(), "hex\x00"),
        (WORDS.encode("cp1252"), "iso-8859-1"),
        (WORDS.encode("cp1252"), "windows-1252"),
        (WORDS.encode("cp1252"), "latin1"),
        (WORDS.replace("’", "'").replace("« l", "l").encode("iso-8859-15", "ignore"), "ISO-8859-15"),
        (b'<meta charset="windows-1252">' + WORDS.encode("cp1252"), None),
        (b"<?xml version='1.0' encoding='windows-1252'?>" + WORDS.encode("cp1252"), None),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">' + WORDS.encode("cp1252"), None),
        (codecs.BOM_UTF8 + WORDS.encode(), "iso-8859-1"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), None),
        (b'<meta charset="utf-8">' + WORDS.encode(), "iso-8859-1"),
        (b'<meta charset="utf-16">' + WORDS.encode(), None),
        ((WORDS * 40).encode("cp1252"), None),
        (b"a" * 20_000 + (WORDS * 40).encode("cp1252"), None),
    ],
)  # fmt: skip
def test_words_are_read_as_written(raw: bytes, said: str | None) -> None:
    assert "Théâtre" in text_of(raw, said)
    assert "été" in text_of(raw, said)


def test_what_cannot_be_read_is_marked_and_nothing_fails() -> None:
    """One damaged byte does not cost a page."""
    assert text_of(b"a\xffb", "utf-8") == "a�b"
    assert text_of(b"a\0b", None) == "ab"
    assert text_of(b"", "shift_jis") == ""
    assert text_of(bytes(range(256)), "euc_jp")
