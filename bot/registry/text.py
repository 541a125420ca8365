"""Text of a registry record, made fit for a data file; its words stay as the sponsor wrote them."""

import re
import unicodedata

__all__ = ["lines", "one_line"]

_TAB = 4
#: The registry stores Markdown: a backslash before a sign says that the sign is meant.
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ADDRESS = re.compile(r"\S{1,64}@\S{1,255}\.\S{1,63}")


def lines(text: str) -> list[str]:
    """Each line of `text` with its indent: escapes undone, nothing that cannot be seen.

    An e-mail address is left out: it may be a person's.
    """
    whole = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(_TAB)
    return [_clean(line).rstrip() for line in whole.split("\n")]


def one_line(text: str) -> str:
    """The same as one line, without spaces at its ends or two in a row."""
    return " ".join(" ".join(lines(text)).split())


def _clean(line: str) -> str:
    # Categories C* are controls, signs that turn the direction of writing, and no signs at all.
    seen = "".join(" " if unicodedata.category(c) in {"Cc", "Zs", "Zl", "Zp"} else c for c in line)
    seen = "".join(c for c in seen if not unicodedata.category(c).startswith("C"))
    return _ADDRESS.sub("[address left out]", _ESCAPE.sub(r"\1", seen))
