"""Items of an eligibility text, under their headings."""

import pytest

from bot.registry.items import MARK, blocks


def items(text: str) -> list[list[str]]:
    """The lines of each item of the last block of an inclusion list."""
    return [item.lines for item in blocks(f"Inclusion Criteria:\n\n{text}")[-1].items]


@pytest.mark.parametrize(
    "mark", ["*", "-", "•", "–", "--", "o", "1.", "1)", "(1)", "12.", "8.-10.", "8-10.", "a.", "a)"]
)
def test_a_mark_begins_an_item(mark: str) -> None:
    """Bullets, numbers, ranges and letters."""
    found = MARK.match(f"{mark} Women")

    assert found is not None
    assert len(mark) + 1 == found.end()


@pytest.mark.parametrize("text", ["Women", "1.5", "18 years", "*Women", "2024. ", "-", "ER+ x"])
def test_other_words_are_no_mark(text: str) -> None:
    """A figure, a word in bold, or a mark of nothing."""
    assert MARK.match(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("* a\n* b", [["* a"], ["* b"]]),
        ("* a\n\n* b", [["* a"], ["* b"]]),
        (" * a\n* b\n * c", [["* a"], ["* b"], ["* c"]]),
        ("1. a\n\n   * x\n   * y\n2. b", [["1. a", "   * x", "   * y"], ["2. b"]]),
        ("10. a\n\n    * x\n      1. z\n11. b", [["10. a", "    * x", "      1. z"], ["11. b"]]),
        ("1. a\n- x\n- y\n2. b", [["1. a", "  - x", "  - y"], ["2. b"]]),
        ("1. a\na) x\nb) y\n2. b", [["1. a", "  a) x", "  b) y"], ["2. b"]]),
        ("1. a\n1.1 x\n1.2 y\n2. b", [["1. a", "  1.1 x", "  1.2 y"], ["2. b"]]),
        ("* a\n  goes on\nand on\n* b", [["* a goes on and on"], ["* b"]]),
        (
            "9. a\n\n   Note: x\n\n   Note: y\n10. b",
            [["9. a", "   Note: x", "   Note: y"], ["10. b"]],
        ),
        ("\t* a\n\t\t* x\n\t* b", [["* a", "    * x"], ["* b"]]),
        ("a. a\nb. b", [["a. a"], ["b. b"]]),
        ("1. a\n\n   b. x\n2. b", [["1. a", "   b. x"], ["2. b"]]),
    ],
)
def test_what_is_nested_belongs_to_its_item(text: str, found: list[list[str]]) -> None:
    """Deeper, or marked in another way; a paragraph below an item too."""
    assert found == items(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. Age. 2. Sex", ["1. Age.", "2. Sex"]),
        ("8.-10. Function 11. The rest 12. More", ["8.-10. Function", "11. The rest", "12. More"]),
        ("5. Bleeding of grade 6. Others may join", ["5. Bleeding of grade 6. Others may join"]),
        ("5. A sum of 7. Others may join", ["5. A sum of 7. Others may join"]),
        ("5. Gleason 6. Others may join\n6. Sex", ["5. Gleason 6. Others may join", "6. Sex"]),
        ("* At 2. The rest", ["* At 2. The rest"]),
    ],
)
def test_items_in_one_line_are_set_apart(text: str, found: list[str]) -> None:
    """Only at the very next number, and only if no item of its own has it."""
    assert found == [item[0] for item in items(text)]


def test_headings_part_the_kinds() -> None:
    """Each has its blocks; an intermediate heading begins another of the same kind."""
    found = blocks(
        "Inclusion Criteria\n\n* a\n\nFor men:\n\n* b\n\nExclusion Criteria: c\n* Inclusion:\n* d"
    )

    assert [
        ("", "", [], []),
        ("I", "Inclusion Criteria", [], ["* a"]),
        ("I", "", ["For men:"], ["* b"]),
        ("E", "Exclusion Criteria:", [], ["c"]),
        ("I", "Inclusion:", [], ["* d"]),
    ] == [(b.kind, b.title, b.notes, [item.lines[0] for item in b.items]) for b in found]


def test_a_text_that_is_indented_as_a_whole_is_read_as_any() -> None:
    """As older copies of the registry have it."""
    found = blocks(
        "        Inclusion Criteria:\n\n          -  a\n             b\n\n          -  c"
    )[-1]

    assert ["-  a b", "-  c"] == [item.lines[0] for item in found.items]
