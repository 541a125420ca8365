"""Trial files and texts, read once and kept."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import desks_for
from bot.cli.main import main
from bot.data import read_compiled
from bot.settings import read_settings
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


def test_an_old_one_is_not_used(sources: Sources, compiled: Compiled, tmp_path: Path) -> None:
    """Nor one that is not there."""
    path = tmp_path / "x.compiled"

    assert read_compiled(None, sources) is None
    assert read_compiled(path, sources) is None

    path.write_bytes(packed(compiled))

    assert read_compiled(path, sources) == compiled
    assert read_compiled(path, replace(sources, phrases={})) is None


def test_the_command_keeps_what_a_start_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`compile` writes it; a start takes it, and says so when it is of other files."""
    path = tmp_path / "kept"
    monkeypatch.setenv("COMPILED_FILE", str(path))
    monkeypatch.setenv("KEYS_DIR", str(tmp_path / "keys"))

    assert 0 == main(["compile"])
    assert capsys.readouterr().out == f"8 trials compiled: {path}\n"
    assert [path] == list(tmp_path.iterdir())

    settings = read_settings(os.environ)
    catalogue = desks_for(settings)[0].catalogue

    assert 8 == len(catalogue.trials)
    assert capsys.readouterr() == ("", "")

    path.write_bytes(path.read_bytes()[:-1])
    desks_for(settings)

    assert f"{path} was made of other files" in capsys.readouterr().err
