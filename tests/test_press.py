"""The press: pages in memory that tell nothing of the machine; their words are never markup."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.data import ROOT
from bot.outreach.press import pdf, png
from tests.papers import paper

#: The words of a flyer; a template fails where one is missing.
WORDS = {
    "lang": "fr", "title": "Titre", "how": "Comment", "kept": "Gardé", "scan": "Visez",
    "advice": "Avis", "shared": "", "demonstration": "", "link": "example.org/?c=x",
    "logo": False, "name": "", "study": "Étude", "status": "",
}  # fmt: skip
CODE = {"qr.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'}
NASTY = '#panic("x") *bold* _it_ @ref <label> \\ $ `raw` #import "/etc/passwd" // no'


def test_words_are_never_markup() -> None:
    """Whatever a group is called."""
    made = paper(pdf("flyer-a4", {**WORDS, "study": NASTY, "shared": NASTY}, CODE))

    assert 2 == made.words.count('#panic("x") *bold* _it_ @ref <label>')


def test_a_pdf_tells_its_title_and_no_more() -> None:
    """No day, no name, no path; and twice the same words make the same file."""
    made = paper(pdf("flyer-a4", WORDS, CODE))

    assert {"Title": "Titre"} == made.metadata
    for mark in (
        b"ypst",
        b"/Author",
        b"/CreationDate",
        b"/ModDate",
        b"/Producer",
        b"xmp:CreateDate",
    ):
        assert mark not in made.raw
    assert str(ROOT).encode() not in made.raw
    assert made.raw == pdf("flyer-a4", WORDS, CODE)


def test_a_picture_is_as_large_as_it_is_asked_for() -> None:
    """In points an inch."""
    small, large = (png("flyer-square", WORDS, CODE, ppi=ppi) for ppi in (72, 144))

    assert small[:8] == large[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(small[16:20], "big") == 540
    assert int.from_bytes(large[16:20], "big") == 1080


def test_a_template_that_misses_a_word_fails() -> None:
    """It is our own mistake, and must not become a page without it."""
    with pytest.raises(RuntimeError):
        pdf("flyer-a4", {"title": "alone"}, CODE)


def test_nothing_is_written(tmp_path: Path) -> None:
    """Neither in the folder, nor where programs keep temporary files and what they remember."""
    script = (
        "import json, sys\n"
        "from bot.outreach.press import pdf, png\n"
        "words, code = json.loads(sys.argv[1])\n"
        "assert pdf('flyer-a4', words, code) and png('flyer-a4', words, code)\n"
    )

    places = {name: str(tmp_path / name) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")}
    for place in places.values():
        Path(place).mkdir()
    words = json.dumps([{**WORDS, "study": "canary"}, CODE])
    environment = {**places, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, words], cwd=tmp_path, env=environment, check=False
    )

    assert 0 == done.returncode
    assert {Path(place) for place in places.values()} == set(tmp_path.rglob("*"))
