"""Tokens: 31 bytes sealed into exactly 64 characters.

A token is one key byte and AES-SIV (RFC 5297) of the payload, in base64url without padding. AES-SIV
needs no nonce and is deterministic: the same session and tap, in the same place, under the same
day's key give the same token, which leaks nothing but that equality. The place (purpose, chat or
page secret, format version) is associated data, so a token is dead anywhere else.

What is longer than a token can be enclosed in the same way: compressed, and filled up so that its
length says little.
"""

import re
import zlib
from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from dialogs.errors import DeadToken

__all__ = ["FORMAT", "KEY_BYTES", "TOKEN_LENGTH", "Seal", "decoded", "key_byte", "unwrapped"]

#: Version of the bit table; raising it kills all older tokens.
FORMAT = b"2"
KEY_BYTES = 64
TOKEN_LENGTH = 64
#: 1 + 16 + 31 bytes are 48, and 48 bytes are 64 characters without padding: one spelling each.
_SHAPE = re.compile(r"[A-Za-z0-9_-]{64}")
#: Enclosed data are filled up to a multiple of this, before one key byte and 16 of the cipher.
_STEP = 96
_HEAD = 17
_LENGTH = 2
#: Bytes that can be enclosed.
_MOST = 8192
#: Tells enclosed data from tokens of the same place.
_ENCLOSED = b"enclosed"
_ENCLOSED_SHAPE = re.compile(r"[A-Za-z0-9_-]{150,16000}")
#: From the base64 of `binascii` to that of addresses, and back.
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


def decoded(token: str) -> bytes:
    """The 48 bytes of `token`: key byte and sealed payload; `DeadToken` if it has not the shape."""
    if not _SHAPE.fullmatch(token):
        raise DeadToken
    return a2b_base64(token.encode("ascii").translate(_FROM_URL))


def _encoded(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def unwrapped(text: str) -> bytes:
    """The bytes of an enclosed text; `DeadToken` if it has not the shape."""
    if not _ENCLOSED_SHAPE.fullmatch(text):
        raise DeadToken
    try:
        raw = a2b_base64(text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4))
    except Error:
        raise DeadToken from None
    if (len(raw) - _HEAD) % _STEP or _encoded(raw) != text:
        raise DeadToken
    return raw


def key_byte(token: str) -> int:
    """The byte that says which day's key sealed `token`; `DeadToken` if it has not the shape."""
    return decoded(token)[0]


class Seal:
    """Seals and opens under one key of `KEY_BYTES` bytes."""

    __slots__ = ("_cipher", "_prefix")

    def __init__(self, key: bytes, number: int) -> None:
        """`number` (0 to 255) is written in front of each token, to find the key again."""
        self._cipher = AESSIV(key)
        self._prefix = bytes((number,))

    def seal(self, payload: bytes, place: bytes) -> str:
        """The token of `payload` (31 bytes) that can be opened in `place` only."""
        return _encoded(self._prefix + self._cipher.encrypt(payload, [FORMAT + place]))

    def seal_all(self, payloads: Iterable[bytes], place: bytes) -> list[str]:
        """The tokens of `payloads` (31 bytes each), in their order: all buttons of one page."""
        encrypt, prefix, associated = self._cipher.encrypt, self._prefix, [FORMAT + place]
        return [_encoded(prefix + encrypt(payload, associated)) for payload in payloads]

    def open(self, token: str, place: bytes) -> bytes:
        """The payload of `token`; `DeadToken` if it is not one of ours, or of another place."""
        return self.opened(decoded(token), place)

    def opened(self, raw: bytes, place: bytes) -> bytes:
        """The same for the 48 bytes of a token, decoded."""
        try:
            return self._cipher.decrypt(raw[1:], [FORMAT + place])
        except InvalidTag as error:
            raise DeadToken from error

    def enclose(self, data: bytes, place: bytes) -> str:
        """`data` sealed for `place`; `ValueError` beyond 8,192 bytes."""
        if len(data) > _MOST:
            raise ValueError(f"{len(data)} bytes: {_MOST} can be enclosed")
        small = zlib.compress(data, 9, wbits=-15)
        filled = len(small).to_bytes(_LENGTH, "big") + small
        filled += bytes(-len(filled) % _STEP)
        return _encoded(self._prefix + self._cipher.encrypt(filled, [FORMAT + place, _ENCLOSED]))

    def disclosed(self, raw: bytes, place: bytes) -> bytes:
        """The data of an enclosed text, `unwrapped`; `DeadToken` if it is not one of ours."""
        try:
            filled = self._cipher.decrypt(raw[1:], [FORMAT + place, _ENCLOSED])
            end = _LENGTH + int.from_bytes(filled[:_LENGTH], "big")
            opened = zlib.decompressobj(wbits=-15)
            data = opened.decompress(filled[_LENGTH:end], _MOST)
        except (InvalidTag, zlib.error):
            raise DeadToken from None
        if not opened.eof:
            raise DeadToken
        return data
