"""Codes that people read aloud, copy and type: Crockford's base32, in groups.

The alphabet has no I, L, O and U; who types I or L means 1, and O means 0. The code of a request
ends with a check character: the other characters, as numbers of the field of 32 elements, weighed
by powers of its generator. It finds any one wrong character, and any two neighbours swapped.
"""

from hashlib import blake2b

__all__ = ["CODE", "code_of", "grouped", "is_code", "normal", "spelled"]

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_MEANT = str.maketrans("OIL", "011")
#: Blanks, hyphens and dashes of all kinds, and what copying brings along unseen.
_BETWEEN = str.maketrans(
    "",
    "",
    " \t\r\n\u00a0\u2009\u202f-_.\u00ad\u2010\u2011\u2012\u2013\u2014\u2212\u200b\u2060\ufeff",
)
#: Characters of a request's code: 40 bits and the check character.
CODE = 9
_BITS = 40
#: Bits of the generator polynomial of the field: x^5 + x^2 + 1.
_FIELD = 0b100101


def spelled(number: int, length: int) -> str:
    """`number` in `length` characters of 5 bits each."""
    places = range(5 * (length - 1), -1, -5)
    return "".join(_ALPHABET[number >> place & 31] for place in places)


def _check(text: str) -> int:
    """What makes the weighed sum of all characters zero; 0 for a code with its own character."""
    sum_ = 0
    for character in text:
        sum_ <<= 1
        if sum_ & 32:
            sum_ ^= _FIELD
        sum_ ^= _VALUES[character]
    return sum_


def code_of(tag: int, trial: int, centre: int, attempt: int) -> str:
    """The code of a request: the same whenever the same conversation asks the same centre.

    A hash without a key, so that nothing has to be kept. It is no secret from somebody who tries
    all tags of 40 bits: he finds the two or so that fit a code, and so which codes are of one
    conversation. He opens nothing with that.
    """
    told = f"request {tag} {trial} {centre} {attempt}".encode()
    number = int.from_bytes(blake2b(told, digest_size=_BITS // 8).digest(), "big")
    text = spelled(number, CODE - 1)
    return text + _ALPHABET[_check(text + "0")]


def grouped(text: str, size: int = 3) -> str:
    """`text` in groups of `size`, as people read it."""
    return "-".join(text[at : at + size] for at in range(0, len(text), size))


def normal(text: str, length: int) -> str | None:
    """What somebody typed as the `length` characters that it means; None when it can't be that."""
    if len(text) > 4 * length:
        return None
    bare = text.translate(_BETWEEN)
    # Beyond ASCII, capitals of one letter can be two.
    if len(bare) != length or not bare.isascii():
        return None
    meant = bare.upper().translate(_MEANT)
    return meant if all(character in _VALUES for character in meant) else None


def is_code(text: str) -> bool:
    """Whether `text`, in normal form, is a code with its right check character."""
    return normal(text, CODE) == text and _check(text) == 0
