"""Figures as pictures: sound SVG whose bars are as long as the numbers say."""

from xml.etree import ElementTree as ET

import pytest

from bot.outreach.charts import columns, funnel
from bot.outreach.sums import Sum

NASTY = '<script>alert("x")</script> & "co"'


def drawn(picture: str) -> ET.Element:
    """A picture as a tree; it raises when it is no sound XML."""
    return ET.fromstring(picture)  # noqa: S314 - it is our own


def sizes(picture: str, kind: str, side: str) -> list[float]:
    """How wide or high all rectangles of a kind are."""
    return [float(one.attrib[side]) for one in drawn(picture) if one.get("class") == kind]


def test_bars_are_as_long_as_their_numbers() -> None:
    """The longest fills the picture; what is hidden is a hollow mark of its own."""
    rows = [("a", Sum(400), "400"), ("b", Sum(100, more=True), "at least 100"),
            ("c", Sum(0, more=True), "hidden"), ("d", Sum(), "0")]  # fmt: skip
    picture = funnel("How far", rows)
    long, short, none = sizes(picture, "bar", "width")

    assert 4 == pytest.approx(long / short)
    assert 1 == none
    assert 1 == len(sizes(picture, "hidden", "width"))
    assert "How far" == drawn(picture).attrib["aria-label"]
    assert ["a", "400", "b", "at least 100", "c", "hidden", "d", "0"] == [
        one.text for one in drawn(picture) if one.tag == "text"
    ]


def test_columns_are_as_high_as_their_numbers() -> None:
    """Two a week, and every day that has room is written below."""
    back = [Sum(100), Sum(50), Sum(0, more=True), Sum()]
    front = [Sum(50), Sum(0, more=True), Sum(), Sum()]
    picture = columns("Weeks", ["1/1", "8/1", "15/1", "22/1"], back, front, "100")

    assert [2.0, 1.0] == pytest.approx([one / 62 for one in sizes(picture, "back", "height")])
    assert [1.0] == pytest.approx([one / 62 for one in sizes(picture, "bar", "height")])
    assert 1 == len(sizes(picture, "hidden", "height"))
    assert ["100", "1/1", "8/1", "15/1", "22/1"] == [
        one.text for one in drawn(picture) if one.tag == "text"
    ]


def test_a_long_time_shows_its_end() -> None:
    """Half a year; the table has the rest."""
    days = [str(number) for number in range(60)]
    picture = columns("Weeks", days, [Sum(10)] * 60, [Sum(5)] * 60, "10")

    assert 26 == len(sizes(picture, "back", "height"))
    assert "59" in [one.text for one in drawn(picture)]
    assert "30" not in [one.text for one in drawn(picture)]


@pytest.mark.parametrize("empty", [funnel("", []), columns("", [], [], [], "0")])
def test_nothing_to_show_is_no_error(empty: str) -> None:
    """An empty picture is sound, too."""
    assert "svg" == drawn(empty).tag


def test_words_are_never_markup() -> None:
    """A group's name or a label may hold anything."""
    for picture in (
        funnel(NASTY, [(NASTY, Sum(1), NASTY)]),
        columns(NASTY, [NASTY], [Sum(1)], [Sum(1)], NASTY),
    ):
        assert NASTY == drawn(picture).attrib["aria-label"]
        assert NASTY in [one.text for one in drawn(picture)]
        assert "<script" not in picture
