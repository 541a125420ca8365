"""Babel extractor for the data files: every phrase, with its identity as context.

Registered for `dialogs/**.toml` in `pyproject.toml`. Each form is one message, so that a clinician
sees patient's and relative's sentence side by side in the catalogue.
"""

import tomllib
from collections.abc import Iterator
from typing import IO, Any

from dialogs.datafile import BankFile, decode
from dialogs.phrasebook import Phrase, bank_phrases, screen_phrases, trial_phrases
from dialogs.trialfile import TrialFile

__all__ = ["extract_toml"]


def _phrases(file: str, content: str) -> list[Phrase]:
    keys = tomllib.loads(content).keys()
    if "criterion" in keys:
        return trial_phrases(file, decode(file, content, TrialFile))
    if keys & {"fact", "question"}:
        return bank_phrases({file: decode(file, content, BankFile)})
    if any("." in key or key == "banner" for key in keys):
        return screen_phrases(file, content)
    return []


def extract_toml(
    fileobj: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, tuple[str, str], list[Any]]]:
    """(line 0, "pgettext", (identity, English), []) for each form of each phrase of a file."""
    file = str(getattr(fileobj, "name", "data.toml")).replace("\\", "/")
    for phrase in _phrases(file, fileobj.read().decode()):
        for identity, english in phrase.forms():
            yield 0, "pgettext", (identity, english), []
