"""Codes that people read aloud, copy and type."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.conversation.session import TAG_BITS
from dialogs.wire.code import CODE, code_of, grouped, is_code, normal, spelled

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODES = st.builds(
    code_of,
    st.integers(0, (1 << TAG_BITS) - 1),
    st.integers(0, (1 << 14) - 1),
    st.integers(0, 127),
    st.integers(0, 3),
)
TEXTS = st.text(ALPHABET, max_size=24)

#: Written down once. Centres know a request by its code: it must not change with a release.
GOLDEN = {
    (0, 0, 0, 0): "PGETKK6GN",
    (0x0123456789, 1, 3, 0): "ZETTES1ND",
    (0x0123456789, 1, 3, 1): "W1TC833HD",
    ((1 << TAG_BITS) - 1, 16383, 127, 3): "68MDFFFD5",
}


@pytest.mark.parametrize("request_", GOLDEN)
def test_a_request_keeps_its_code(request_: tuple[int, int, int, int]) -> None:
    """Whatever the release, the day and the machine."""
    assert GOLDEN[request_] == code_of(*request_)


@given(code=CODES)
def test_a_code_is_nine_characters_that_are_its_own_normal_form(code: str) -> None:
    """40 bits and a check character, none of which is I, L, O or U."""
    assert CODE == len(code) == 9
    assert set(code) <= set(ALPHABET)
    assert code == normal(code, CODE)
    assert is_code(code)


def test_every_part_of_a_request_counts() -> None:
    """Another conversation, trial, centre or attempt is another code."""
    codes = {
        code_of(tag, trial, centre, attempt)
        for tag in (1, 2, 1 << 39)
        for trial in (1, 11, 12)
        for centre in (1, 2, 11)
        for attempt in range(4)
    }

    assert 3 * 3 * 3 * 4 == len(codes)


@given(code=CODES)
def test_any_one_wrong_character_is_found(code: str) -> None:
    """Each place, each of the 31 others."""
    for place in range(CODE):
        for other in ALPHABET.replace(code[place], ""):
            assert not is_code(code[:place] + other + code[place + 1 :]), (place, other)


@given(code=CODES)
def test_neighbours_that_changed_places_are_found(code: str) -> None:
    """Unless they are the same character, and then nothing is wrong."""
    for place in range(CODE - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

        assert (swapped == code) == is_code(swapped), place


def test_most_of_what_is_typed_at_random_is_no_code() -> None:
    """One in 32 has the right check character, whichever the eight before it are."""
    for start in ("00000000", "K7QM2XPD", "ZZZZZZZZ"):
        assert 1 == sum(is_code(start + last) for last in ALPHABET)


@pytest.mark.parametrize("text", ["", "K7QM2XPD", "K7Q-M2X-PD4", "k7qm2xpd4", "ILOU-ILOU", "é" * 9])
def test_what_is_not_in_normal_form_is_no_code(text: str) -> None:
    """Who asks has normalised before."""
    assert not is_code(text)


@given(code=CODES)
def test_a_code_is_understood_however_it_is_typed(code: str) -> None:
    """In groups, in small letters, with blanks, and with O, I and L for what they look like."""
    shown = grouped(code)

    assert re.fullmatch(r"\w{3}-\w{3}-\w{3}", shown)
    for typed in (
        shown,
        shown.lower(),
        f"  {shown}\n",
        shown.replace("-", " "),
        shown.replace("-", " - "),
        shown.replace("-", "\u2011"),
        shown.replace("-", "–"),
        shown.replace("-", "\u202f"),
        f"\ufeff{shown}\u200b",
        ".".join(code),
        code.replace("0", "O").replace("1", "I"),
        code.lower().replace("0", "o").replace("1", "l"),
    ):
        assert code == normal(typed, CODE), typed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "K7Q-M2X-PD",
        "K7Q-M2X-PD44",
        "K7Q-M2X-PDU",
        "K7Q-M2X-PD!",
        "K7Q-M2X-PDß",
        "K7Q-M2X-Pß",  # ß is SS in capitals: nine characters, but not what was typed
        "K7Q-M2X-PDſ",
        "K7Q-M2X-PD٤",
        "K7Q-M2X-PD４",
        "K7Q/M2X/PD4",
        "\ud800" * 9,
        "-" * 9,
    ],
)
def test_what_cannot_be_meant_is_none(text: str) -> None:
    """Too short, too long, and letters and digits of other alphabets."""
    assert normal(text, CODE) is None


def test_a_long_text_is_not_even_looked_at() -> None:
    """Blanks are free, but not without end."""
    assert "K7QM2XPD4" == normal("K7QM2XPD4" + " " * 27, CODE)
    assert normal("K7QM2XPD4" + " " * 28, CODE) is None


@given(text=st.text(max_size=40), length=st.integers(1, 20))
def test_normal_form_is_reached_at_once(text: str, length: int) -> None:
    """Whatever is typed: None, or characters of the alphabet that mean themselves."""
    found = normal(text, length)
    if found is not None:
        assert length == len(found)
        assert set(found) <= set(ALPHABET)
        assert found == normal(found, length)


@given(text=st.text(string.ascii_letters + string.digits + " -", max_size=40))
def test_only_a_u_is_not_understood_among_plain_characters(text: str) -> None:
    """Every other letter and digit stands for something."""
    length = sum(character not in " -" for character in text)
    if length and len(text) <= 4 * length:
        assert ("u" not in text.lower()) == (normal(text, length) is not None)


@given(text=TEXTS, size=st.integers(1, 8))
def test_groups_are_all_of_one_size_but_the_last(text: str, size: int) -> None:
    """And nothing is lost between them."""
    *groups, last = grouped(text, size).split("-")

    assert text == "".join((*groups, last))
    assert {size} >= {len(group) for group in groups}
    assert len(last) <= size


@given(number=st.integers(0, (1 << 80) - 1))
def test_a_number_is_spelled_five_bits_to_a_character(number: int) -> None:
    """From the first bits to the last, so that it can be read back."""
    text = spelled(number, 16)
    back = 0
    for character in text:
        back = back * 32 + ALPHABET.index(character)

    assert 16 == len(text)
    assert number == back
