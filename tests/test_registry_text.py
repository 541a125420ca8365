"""Text of a registry record, made fit for a data file."""

import pytest

from bot.registry.text import lines, one_line


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (r"Age \>= 18 \[years\] \^ \-- \* \\", r"Age >= 18 [years] ^ -- * \ ".rstrip()),
        ("a\u00a0b\u2003c\td", "a b c d"),
        ("  two   words  ", "two words"),
        ("one\r\ntwo\rthree\nfour", "one two three four"),
        ("bell\x07 escape\x1b[31m null\x00", "bell escape [31m null"),
        ("left\u202eright\u200b\ufeff\ue000", "leftright"),
        ("write to ann@hospital.example.org now", "write to [address left out] now"),
        ("≥ é ² œ – “x”", "≥ é ² œ – “x”"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_line(given: str, found: str) -> None:
    """Escapes are undone, what cannot be seen goes, and so does an address."""
    assert found == one_line(given)


def test_lines_keep_their_indent() -> None:
    """A tab counts as four columns; what stands at the end of a line does not count."""
    assert ["a", "    b", "  c", ""] == lines("a \n\tb\n  c\r\n")
