"""Codes, receipts and telephone numbers stay on one line."""

import re

import pytest

from bot.channels.figures import together, whole
from dialogs.wire.code import grouped


def kept(text: str) -> list[str]:
    """What of a text is not broken over a line."""
    return re.findall(r'<span class="whole">(.*?)</span>', whole(text))


@pytest.mark.parametrize(
    "figure",
    [
        grouped("7K29QXT34"),
        grouped("0011001100110011", 4),
        "01 99 00 12 34",
        "01\u00a099\u00a000\u00a012\u00a034",
        "+33 1 99 00 12 34",
        "0805123124",
        "0 805 123 124",
    ],
)
def test_what_is_read_out_is_kept_together(figure: str) -> None:
    """At the end of a text, in its middle, more than once."""
    assert [figure] == kept(figure)
    assert [figure] == kept(f"Call {figure}, from 9 to 12.")
    assert [figure, figure] == kept(f"{figure}; {figure}")


@pytest.mark.parametrize(
    "text",
    ["", "Call 15 or 112.", "on 7 October 2022", "1,000 characters", "1 000 caractères", "HER2",
     "well-known", "NCT03870919 and 10 of 20"],
)  # fmt: skip
def test_other_texts_are_left_alone(text: str) -> None:
    """Short numbers, dates, words with a hyphen."""
    assert text == whole(text)


def test_a_date_is_kept_together_whatever_it_looks_like() -> None:
    """As one piece, and as text."""
    assert '<span class="whole">7 October 2022</span>' == together("7 October 2022")
    assert '<span class="whole">&lt;b&gt;</span>' == together("<b>")


def test_a_text_is_never_markup() -> None:
    """Neither around a figure, nor because of one."""
    assert "&lt;b&gt;&amp;&#34;" in whole('<b>&" 01 99 00 12 34 <script>')
    assert "<script>" not in whole("01 99 00 12 34<script>01 99 00 12 34")
