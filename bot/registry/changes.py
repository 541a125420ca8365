"""What changed in the criteria of a record since somebody last made rules of them.

A trial file keeps a digest of each criterion, not its text: enough to see that it changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2s

from bot.registry.criteria import Criterion
from bot.registry.items import MARK

__all__ = ["Changes", "changes", "digest", "digests"]


@dataclass(frozen=True, slots=True)
class Changes:
    """Numbers of the criteria that differ; of those `moved`, the old number and the new one."""

    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changed or self.new or self.gone or self.moved)


def digest(criterion: Criterion) -> str:
    """8 hex digits of the words of `criterion`; case, space, escapes and marks do not count."""
    words = " ".join(MARK.sub("", line.strip(), count=1) for line in criterion.lines)
    plain = " ".join(words.casefold().split())
    return blake2s(plain.encode(), digest_size=4).hexdigest()


def digests(criteria: Iterable[Criterion]) -> dict[str, str]:
    """The digest of each criterion by its number."""
    return {criterion.id: digest(criterion) for criterion in criteria}


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
    """How the digests `new` differ from `old`; the same words under another number have moved."""
    left = {number: words for number, words in old.items() if new.get(number) != words}
    come = {number: words for number, words in new.items() if old.get(number) != words}
    moved = []
    for number, words in list(left.items()):
        there = next((other for other, same in come.items() if same == words), None)
        if there is not None:
            moved.append((number, there))
            del left[number], come[there]
    return Changes(
        tuple(number for number in come if number in left),
        tuple(number for number in come if number not in left),
        tuple(number for number in left if number not in come),
        tuple(moved),
    )
