"""Trial files and texts as they were read once, so that a service with many trials starts soon.

They are kept with a digest of the files that they come from: of other files they are never used.
Nothing in them is about anybody.
"""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from dialogs.trialfile import TrialFile

__all__ = ["Compiled", "Words", "digest_of", "packed", "unpacked"]

#: Grows when what is kept changes its shape.
_FORMAT = b"passerelle 1 "

#: All phrases of a language in the reader's and in the relative's form, and the page templates'.
Words = tuple[dict[str, str], dict[str, str], dict[str, str]]


class Compiled(msgspec.Struct, frozen=True):
    """Trial files by their names, and the words of each language; `digest` is that of the files."""

    digest: str
    trials: dict[str, TrialFile]
    words: dict[str, Words]


def digest_of(kinds: Iterable[Mapping[str, str]]) -> str:
    """What changes when any file does: texts by name, of each kind of file."""
    found = hashlib.blake2b(_FORMAT, digest_size=16)
    for kind in kinds:
        for name, text in sorted(kind.items()):
            for part in (name.encode(), text.encode()):
                found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def packed(compiled: Compiled) -> bytes:
    """`compiled` as bytes for a file."""
    return _FORMAT + msgspec.msgpack.encode(compiled)


def unpacked(content: bytes, kinds: Iterable[Mapping[str, str]]) -> Compiled | None:
    """What `packed` wrote, if it was made of these very files; None otherwise."""
    if not content.startswith(_FORMAT):
        return None
    try:
        found = msgspec.msgpack.decode(memoryview(content)[len(_FORMAT) :], type=Compiled)
    except msgspec.MsgspecError:
        return None
    return found if found.digest == digest_of(kinds) else None
