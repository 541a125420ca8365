"""What a link to the service says: the study that it speaks of, by its number and by no word.

On Telegram `https://t.me/NAME?start=t1`, on the web `https://HOST/?t=1`. A number tells nobody who
sees the link what the study is about; one that no study has begins normally.
"""

__all__ = ["study_of"]

_DIGITS = 5


def study_of(payload: str) -> int:
    """The number of the study in what follows `/start`, or `t`; 0 when there is none."""
    digits = payload.strip().removeprefix("t")
    known = len(digits) <= _DIGITS and digits.isascii() and digits.isdecimal()
    return int(digits) if known else 0
