"""Trial files and texts, read once and kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.data import read_compiled
from dialogs.catalogue import Catalogue, Sources, compiled_of, read_catalogue
from dialogs.compiled import Compiled, digest_of, packed, unpacked

KINDS = ["bank", "trials", "phrases", "catalogues"]


@pytest.fixture(scope="module")
def compiled(sources: Sources) -> Compiled:
    """What was kept of the files."""
    return compiled_of(sources)


def test_a_service_made_of_it_is_the_same(
    sources: Sources, live: Catalogue, compiled: Compiled
) -> None:
    """Trials, rules and every word in every language and form."""
    found = unpacked(packed(compiled), sources.kinds())

    assert found == compiled
    again = read_catalogue(sources, found)
    assert live.trials == again.trials
    for language, speech in live.speeches.items():
        for relative in (False, True):
            assert speech.texts(relative) == again.speeches[language].texts(relative)
        assert speech.page_texts() == again.speeches[language].page_texts()


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_not_used_for_other_files(sources: Sources, compiled: Compiled, kind: str) -> None:
    """One letter more, or one file, and it counts as old."""
    content = packed(compiled)
    place = KINDS.index(kind)
    before, own, after = (
        sources.kinds()[:place],
        sources.kinds()[place],
        sources.kinds()[place + 1 :],
    )
    name, text = next(iter(own.items()))

    assert unpacked(content, sources.kinds()) is not None
    assert unpacked(content, (*before, {**own, name: text + " "}, *after)) is None
    assert unpacked(content, (*before, {**own, "x": ""}, *after)) is None


def test_a_name_is_not_taken_for_content() -> None:
    """Files are told apart from each other and from their names."""
    assert digest_of([{"a": "bc"}]) != digest_of([{"ab": "c"}])
    assert digest_of([{"a": "b"}, {}]) != digest_of([{"a": "", "b": ""}, {}])


@pytest.mark.parametrize("content", [b"", b"nonsense", b"passerelle 1 nonsense", b"\x00" * 50])
def test_what_is_no_such_file_is_not_used(sources: Sources, content: bytes) -> None:
    """Cut, damaged, or of another version."""
    assert unpacked(content, sources.kinds()) is None


def test_an_old_one_is_named_with_its_mend(
    sources: Sources, compiled: Compiled, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The start goes on without it, and says how to make it anew."""
    path = tmp_path / "x.compiled"

    assert read_compiled(None, sources) is None
    assert read_compiled(path, sources) is None

    path.write_bytes(packed(compiled))

    assert read_compiled(path, sources) == compiled
    assert capsys.readouterr() == ("", "")
    assert read_compiled(path, replace(sources, phrases={})) is None
    assert "run_bot.py compile" in capsys.readouterr().err
