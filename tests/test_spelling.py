"""Words are recognised stretched, joined, by sound, and with one slip."""

import pytest

from dialogs.conversation.spelling import Book, joined, plain, sound_of, squeezed, words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("mourirrrr", "mourir"), ("aaaa", "a"), ("", ""), ("aabbaa", "aba")],
)
def test_squeezed(typed: str, expected: str) -> None:
    """Each run of a letter is one."""
    assert expected == squeezed(typed)


@pytest.mark.parametrize(
    ("one", "other", "expected"), [("go", "on", "gon"), ("en", "fin", "enfin"), ("", "a", "a")]
)
def test_joined(one: str, other: str, expected: str) -> None:
    """Two squeezed words stay squeezed when they are joined."""
    assert expected == joined(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("envie", "anvi"), ("crever", "creve"), ("quoi", "koi"), ("force", "forse"),
        ("respirer", "respire"), ("fatigue", "fatigues"), ("pharmacie", "farmacie"),
        ("marcher", "marchez"), ("beau", "bo"), ("gene", "jene"),
    ],
)  # fmt: skip
def test_what_sounds_alike(one: str, other: str) -> None:
    """Spellings of one French sound are one."""
    assert sound_of(one) == sound_of(other)


@pytest.mark.parametrize(("one", "other"), [("arret", "arrete"), ("vie", "vide"), ("tu", "tuer")])
def test_what_sounds_different(one: str, other: str) -> None:
    """Short words and voiced endings stay apart."""
    assert sound_of(one) != sound_of(other)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("J’ai É", ["j", "ai", "e"]),
        ("su1c1de", ["suicide"]),
        ("k!ll", ["kill"]),
        ("38,5 de fièvre", ["38", ".", "5", "de", "fievre"]),
        ("g39", ["g", "39"]),
        ("m o u r i r ici", ["mourir", "ici"]),
        ("s.u.i.c.i.d.e !", ["suicide", "."]),
        ("oui 😭😭\nnon", ["oui", ".", "non"]),
        ("mo\u200bur\u00adir", ["mourir"]),
        ("cœur", ["coeur"]),
        ("我很好", ["."]),
        ("", []),
    ],
)
def test_words(typed: str, expected: list[str]) -> None:
    """Words come out folded, numbers by themselves, and every pause as one stop."""
    assert expected == list(words(typed))


def test_plain_unfolds_little() -> None:
    """A sign that stands for a whole sentence becomes one stop, not a sentence."""
    assert "." == plain("\ufdfa" * 100)


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("mourir", True), ("mourrir", True), ("mouri", True), ("mourrri", True), ("moruir", True),
        ("nmourir", True), ("m*urir", True), ("mrir", False), ("moutons", False),
        ("nourrir", False),
    ],
)  # fmt: skip
def test_one_slip(typed: str, heard: bool) -> None:
    """A long word is known with one slip, and not with two; spared words are not taken for it."""
    book = Book()
    book.add("mourir", 1, alone=True, french=True)
    book.spare.add("nourrir")

    assert heard == bool(book.meant(typed))


def test_a_short_word_is_known_exactly() -> None:
    """A word of 4 letters or fewer allows no slip."""
    book = Book()
    book.add("kill", 1, alone=False, french=False)

    assert (1, 0) == (book.meant("kill"), book.meant("kiln"))
