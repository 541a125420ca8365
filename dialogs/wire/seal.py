"""Tokens: 31 bytes sealed into exactly 64 characters.

A token is one key byte and AES-SIV (RFC 5297) of the payload, in base64url without padding. AES-SIV
needs no nonce and is deterministic: the same session and tap, in the same place, under the same
day's key give the same token, which leaks nothing but that equality. The place (purpose, chat or
page secret, format version) is associated data, so a token is dead anywhere else.
"""

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from dialogs.errors import DeadToken

__all__ = ["FORMAT", "KEY_BYTES", "TOKEN_LENGTH", "Seal", "decoded", "key_byte"]

#: Version of the bit table; raising it kills all older tokens.
FORMAT = b"1"
KEY_BYTES = 64
TOKEN_LENGTH = 64
#: 1 + 16 + 31 bytes are 48, and 48 bytes are 64 characters without padding: one spelling each.
_SHAPE = re.compile(r"[A-Za-z0-9_-]{64}")
#: From the base64 of `binascii` to that of addresses, and back.
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


def decoded(token: str) -> bytes:
    """The 48 bytes of `token`: key byte and sealed payload; `DeadToken` if it has not the shape."""
    if not _SHAPE.fullmatch(token):
        raise DeadToken
    return a2b_base64(token.encode("ascii").translate(_FROM_URL))


def _encoded(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).translate(_TO_URL).decode("ascii")


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
