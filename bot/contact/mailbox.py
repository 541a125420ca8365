"""Receipts and what they open: letter boxes that this service fills and cannot read.

A receipt is 80 bits that only her page knows. Stretched by scrypt, it gives the address of a letter
box and a private key; the box keeps the public half, and everything put into it is sealed to that
(HPKE, RFC 9180, base mode). To read, the receipt has to come back.
"""

import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from dialogs.wire.code import spelled

__all__ = [
    "RECEIPT",
    "SEALED",
    "Keys",
    "NotYours",
    "messages",
    "new_receipt",
    "sealed",
    "stretched",
]

#: Characters of a receipt without its dashes; 5 bits each.
RECEIPT = 16
_RECEIPT_BYTES = 10
#: Bytes of a message before sealing: a text of 1,000 characters, however they are written.
_CONTENT = 6144
_LENGTH = 2
#: Bytes of every sealed message: an ephemeral key (32), the filled content, a tag (16).
SEALED = 32 + _CONTENT + 16
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
_INFO = b"passerelle letter box 1"
#: A tenth of a second and 32 MB: guessing 80 bits is hopeless anyway; a receipt read half is not.
_COST = {"n": 1 << 15, "r": 8, "p": 1}
_ADDRESS_BYTES = 10


class NotYours(Exception):
    """A message does not open with these keys; what is wrong with it is not said."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What a receipt opens: the `address` (80 bits) of the letter box and its keys."""

    address: int
    private: X25519PrivateKey
    public: bytes


def new_receipt(secret: bytes, code: str) -> str:
    """The receipt of the request `code` for the page with `secret`: the same at each retry."""
    digest = hmac.digest(secret, b"receipt " + code.encode(), "sha256")
    return spelled(int.from_bytes(digest[:_RECEIPT_BYTES], "big"), RECEIPT)


def stretched(receipt: str) -> Keys:
    """The keys of a receipt in normal form; takes about 0.1 s of a core, whatever it is."""
    salt = b"passerelle receipt 1"
    made = Scrypt(salt=salt, length=_ADDRESS_BYTES + 32, **_COST).derive(receipt.encode())
    private = X25519PrivateKey.from_private_bytes(made[_ADDRESS_BYTES:])
    address = int.from_bytes(made[:_ADDRESS_BYTES], "big")
    return Keys(address, private, private.public_key().public_bytes_raw())


def sealed(public: bytes, data: bytes) -> bytes:
    """`data` as `SEALED` bytes that only the receipt opens; `ValueError` when it is too long."""
    if len(data) > _CONTENT - _LENGTH:
        raise ValueError(f"{len(data)} bytes do not fit a message")
    filled = (len(data).to_bytes(_LENGTH, "big") + data).ljust(_CONTENT, b"\0")
    return _SUITE.encrypt(filled, X25519PublicKey.from_public_bytes(public), _INFO)


def messages(keys: Keys, ciphertext: bytes) -> list[bytes]:
    """All messages of a letter box, in their order; raises `NotYours`."""
    if len(ciphertext) % SEALED:
        raise NotYours
    return [_opened(keys, ciphertext[at : at + SEALED]) for at in range(0, len(ciphertext), SEALED)]


def _opened(keys: Keys, message: bytes) -> bytes:
    try:
        filled = _SUITE.decrypt(message, keys.private, _INFO)
    except InvalidTag:
        raise NotYours from None
    return filled[_LENGTH : _LENGTH + int.from_bytes(filled[:_LENGTH], "big")]
