"""How a data file that does not fit its shape is named."""

from datetime import date
from typing import Any

import pytest

from dialogs.catalogue import Sources, read_catalogue
from dialogs.datafile import HelpFile, PhraseEntry, RegionFile, Wording, decode
from dialogs.errors import DataError
from tests.builders import edited, toml

TRIAL = "NCT03870919.toml"


def test_a_good_file_is_read() -> None:
    """Dates, lists and texts come out as they were written."""
    content = """
    door = []
    [[number]]
    id = "samu"
    phrase = "help.samu"
    href = "tel:15"
    checked = 2026-11-22
    source = "a card"
    """
    found = decode("help.toml", content, HelpFile)

    assert date(2026, 11, 22) == found.number[0].checked
    assert ["samu"] == [link.id for link in found.number]
    assert [] == found.door


@pytest.mark.parametrize(
    ("content", "key", "reason"),
    [
        ("[[region]]\ncode = 11\nname = 'x'\nnam = 'x'", "region", "unknown field `nam`"),
        ("[[region]]\ncode = '11'\nname = 'x'", "region[0].code", "Expected `int`"),
        ("[[region]]\ncode = 11", "region[0]", "missing required field `name`"),
        ("regions = []", "$", "unknown field `regions`"),
        ("[[region]\n", "$", "not readable as TOML"),
        ("\0", "$", "not readable as TOML"),
    ],
)
def test_a_wrong_file_is_named_with_key_and_reason(content: str, key: str, reason: str) -> None:
    """An unknown key, a wrong type, a missing key, and what is no TOML at all."""
    with pytest.raises(DataError) as caught:
        decode("regions.toml", content, RegionFile)

    assert "regions.toml" == caught.value.file
    assert key in caught.value.key
    assert reason in caught.value.reason
    assert f"regions.toml: {caught.value.key}: {caught.value.reason}" == str(caught.value)


@pytest.mark.parametrize(
    ("file", "where"),
    [
        ("cancer.toml", ("fact", 0)),
        ("cancer.toml", ("question", 0)),
        ("cancer.toml", ("question", 0, "choice", 0)),
        (TRIAL, ()),
        (TRIAL, ("status", 0)),
        (TRIAL, ("criterion", 3)),
        (TRIAL, ("centre", 1)),
        ("help.toml", ("number", 0)),
        ("regions.toml", ("region", 0)),
        ("asking.toml", ("why.title",)),
    ],
)
def test_a_misspelt_key_never_passes(
    sources: Sources, file: str, where: tuple[str | int, ...]
) -> None:
    """In every table of every kind of file an unknown key stops the start by its name."""

    def misspell(data: Any) -> None:
        for part in where:
            data = data[part]
        data["tpyo"] = 1

    with pytest.raises(DataError, match="tpyo") as caught:
        read_catalogue(edited(sources, file, misspell))

    assert file == caught.value.file


@pytest.mark.parametrize(
    "wording",
    [
        {"reader": "a"},
        {"own": "a", "relative": "b"},
    ],
)
def test_a_wording_is_one_form_or_both(wording: dict[str, str]) -> None:
    """Either it speaks to whoever reads, or it has the patient's and the relative's form."""
    assert wording == {
        name: form
        for name in ("reader", "own", "relative")
        if (form := getattr(Wording(**wording), name)) is not None
    }


@pytest.mark.parametrize(
    "wording",
    [
        {},
        {"own": "a"},
        {"relative": "b"},
        {"reader": "a", "own": "b"},
        {"reader": "a", "own": "b", "relative": "c"},
    ],
)
def test_half_a_wording_is_refused(wording: dict[str, str]) -> None:
    """No patient gets a relative's sentence because hers is missing, nor the other way round."""
    with pytest.raises(ValueError, match="needs either `reader`, or both"):
        Wording(**wording)


def test_half_a_wording_in_a_file_is_named(sources: Sources) -> None:
    """The file, the question and the reason."""

    def cut(data: dict[str, Any]) -> None:
        data["question"][0]["text"] = {"self": "Only her."}

    with pytest.raises(DataError, match="needs either `reader`, or both") as caught:
        read_catalogue(edited(sources, "cancer.toml", cut))

    assert ("cancer.toml", "$.question[0].text") == (caught.value.file, caught.value.key)


def test_what_builders_write_is_what_they_read() -> None:
    """The TOML of changed copies says what it was made of."""
    data = {"a.b": {"text": 'a "quoted" é’', "n": 1, "yes": True, "day": date(2026, 1, 2)}, "l": []}
    phrase = {"x.y": {"kind": "label", "text": "a \\ b"}}

    assert {"x.y": PhraseEntry(kind="label", text="a \\ b")} == decode(
        "x", toml(phrase), dict[str, PhraseEntry]
    )
    assert 'day" = 2026-01-02' in toml(data)
