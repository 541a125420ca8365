"""A key of a mail as people paste it: with its link, a quotation, or the whole mail around it."""

import re
from collections.abc import Iterator
from itertools import islice
from unicodedata import category
from urllib.parse import unquote

__all__ = ["key_in"]

#: What is looked at: the longest mail of ours has a tenth of it. Runs of letters, and how many of
#: them that follow each other over the ends of lines can be one key.
_MOST, _RUNS, _LINES = 100_000, 1500, 100
#: Control and format characters, halves of characters: nobody sees them, programs put them in.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
#: What mail programs write before each line of a quotation.
_QUOTED = re.compile(r"^(?:\s*[>|])+")
_RUN = re.compile(r"[A-Za-z0-9_.-]+")
#: A token, perhaps with enclosed data; or enclosed data alone. These have 17 bytes and a number of
#: times 96, which makes so many characters.
_KEY = re.compile(r"[A-Za-z0-9_-]{64}(?:\.[A-Za-z0-9_-]+)?|[A-Za-z0-9_-]+")
_TOKEN, _STEP, _REST = 64, 128, 23
#: Links as Proofpoint rewrites them: its second version writes `-` for `%` and `_` for `/`; its
#: third leaves the link as it is, but for a `*` in place of the `#`.
_SECOND = re.compile(r"/v2/url\?u=([^&\s]+)")
_THIRD = "/v3/__"
#: How many links of one kind are looked at.
_LINKS = 20
_FROM_SECOND = str.maketrans("-_", "%/")


def key_in(text: str) -> str:
    """The key in `text`; where there is none, what stands behind its last `#`, without blanks.

    One that stands behind a `#` is preferred. Nothing says that it is a key of ours.
    """
    plain = "".join(c for c in text[:_MOST] if c in "\r\n\t" or category(c) not in _UNSEEN)
    found = [one for form in _forms(plain) for one in _keys(form)]
    marked = [key for key, behind in found if behind]
    if found:
        first = found[0][0]
        # Pasted by itself above a mail, it is what is meant; deep in a mail the link's is surer.
        return first if plain.lstrip().startswith(first[:_TOKEN]) else (marked or [first])[0]
    return "".join(plain.split()).strip("<>").rpartition("#")[2]


def _forms(text: str) -> Iterator[str]:
    """`text`, and as it was before a filter rewrote its links, and another one before that."""
    for _ in range(3):
        yield text
        for found in islice(_SECOND.finditer(text), _LINKS):
            yield unquote(found[1].translate(_FROM_SECOND))
        for part in text.split(_THIRD, _LINKS)[1:]:
            link, ends, _ = part.partition("__;")
            if ends and len(link.split()) == 1:
                yield link.replace("*", "#")
        before, text = text, unquote(text)
        if text == before:
            return


def _keys(text: str) -> Iterator[tuple[str, bool]]:
    """The keys in `text`, and whether a `#` stands before them; each may go over ends of lines."""
    runs = list(islice(_runs(text), _RUNS))
    for first, (_, behind, _) in enumerate(runs):
        key, length = "", 0
        for last, (word, _, goes_on) in enumerate(runs[first : first + _LINES], first + 1):
            length += len(word)
            # The longest: data that are enclosed beside a token may begin on the next line.
            if _fits(length - word.endswith(".")):
                joined = "".join(word for word, _, _ in runs[first:last]).rstrip(".")
                key = joined if _KEY.fullmatch(joined) else key
            if not goes_on:
                break
        if key:
            yield key, behind


def _runs(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Runs of letters that keys are made of: a `#` before it, and whether it goes on below."""
    lines = [_QUOTED.sub("", line).strip().rstrip("=") for line in text.splitlines()]
    lines = [line for line in lines if line]
    for line, below in zip(lines, [*lines, ""][1:], strict=True):
        for run in _RUN.finditer(line):
            begins = line[: run.start()].endswith("#")
            yield run[0], begins, run.end() == len(line) and _RUN.match(below) is not None


def _fits(length: int) -> bool:
    """Whether a key can have so many characters: a token, enclosed data, or both with a dot."""
    both = length - _TOKEN - 1
    return length == _TOKEN or any(n > _STEP and n % _STEP == _REST for n in (length, both))
