"""Receipts, and letter boxes that only they open."""

from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bot.contact.mailbox import (
    RECEIPT,
    SEALED,
    Keys,
    NotYours,
    messages,
    new_receipt,
    sealed,
    stretched,
)
from dialogs.conversation.dialog import TEXT_LIMIT
from dialogs.wire.code import normal

SECRET = b"0123456789abcdef"
CODE = "K7QM2XPD4"

#: Written down once. Letter boxes live for days after a release: if these change, receipts that
#: people wrote down open nothing any more.
GOLDEN_RECEIPT = "2JJFS6BGV66G0SFM"
GOLDEN_ADDRESS = 0x15FC4C2EECB940995813
GOLDEN_PUBLIC = "b819a1f7540c417b70bd7789da4fe2c3df6066a092e94064925ba1505c989954"


@cache
def keys(receipt: str = GOLDEN_RECEIPT) -> Keys:
    """The keys of a receipt; stretched once, as each costs a tenth of a second."""
    return stretched(receipt)


def quick() -> Keys:
    """Keys of no receipt, without the work of stretching one."""
    private = X25519PrivateKey.generate()
    return Keys(1, private, private.public_key().public_bytes_raw())


def test_a_receipt_is_the_same_at_each_retry() -> None:
    """Of one page and one code: reloading and asking again show what she wrote down."""
    assert GOLDEN_RECEIPT == new_receipt(SECRET, CODE) == new_receipt(SECRET, CODE)
    assert RECEIPT == len(GOLDEN_RECEIPT) == 16
    assert GOLDEN_RECEIPT == normal(GOLDEN_RECEIPT.lower(), RECEIPT)


def test_another_page_or_code_has_another_receipt() -> None:
    """Whoever knows the code, as the centre does, cannot make the receipt of it."""
    receipts = {
        new_receipt(secret, code)
        for secret in (SECRET, SECRET[::-1], bytes(16))
        for code in (CODE, CODE[::-1], "")
    }

    assert 9 == len(receipts)


@given(secret=st.binary(min_size=16, max_size=16))
def test_any_receipt_is_in_normal_form(secret: bytes) -> None:
    """Sixteen characters that nobody mixes up."""
    receipt = new_receipt(secret, CODE)

    assert receipt == normal(receipt, RECEIPT)


def test_a_receipt_opens_the_same_letter_box_for_ever() -> None:
    """Address and public key come of the receipt alone."""
    found = stretched(GOLDEN_RECEIPT)

    assert (GOLDEN_ADDRESS, GOLDEN_PUBLIC) == (found.address, found.public.hex())
    assert found.public == found.private.public_key().public_bytes_raw()
    assert 0 <= found.address < 1 << 80


def test_receipts_that_are_almost_alike_have_nothing_in_common() -> None:
    """One character makes another address and another key."""
    other = keys(GOLDEN_RECEIPT[:-1] + ("0" if GOLDEN_RECEIPT[-1] != "0" else "1"))

    assert keys().address != other.address
    assert keys().public != other.public
    with pytest.raises(NotYours):
        messages(other, sealed(keys().public, b"for her"))


@pytest.mark.parametrize("data", [b"", b"a", b"\0", b"ends in zeros\0\0\0", b"x" * 6142])
def test_what_is_put_in_comes_out(data: bytes) -> None:
    """To the byte, zeros at the end included; every message has one size."""
    message = sealed(keys().public, data)

    assert SEALED == len(message) == 6192
    assert [data] == messages(keys(), message)


@given(contents=st.lists(st.binary(max_size=200), max_size=5))
def test_messages_keep_their_order(contents: list[bytes]) -> None:
    """A letter box is one message behind the other, and may be empty."""
    mine = quick()

    assert contents == messages(mine, b"".join(sealed(mine.public, one) for one in contents))


@pytest.mark.parametrize("character", ["a", "é", "漢", "😀", "\\u0000"])
def test_the_longest_text_fits_however_it_is_written(character: str) -> None:
    """Four bytes to a character, or six where a character has to be escaped, and what is around."""
    around = b'{"day": "2026-12-28", "event": "answer", "text": ""}'
    data = around + character.encode() * TEXT_LIMIT
    mine = quick()

    assert [data] == messages(mine, sealed(mine.public, data))


def test_a_message_that_is_too_long_is_refused() -> None:
    """With its length, and nothing of what it says."""
    with pytest.raises(ValueError, match=r"^6143 bytes do not fit a message$"):
        sealed(keys().public, b"x" * 6143)


def test_the_same_words_never_look_the_same() -> None:
    """Each message has a key of its own, and nothing of it can be read."""
    one, two = (sealed(keys().public, b"Please call us back") for _ in range(2))

    assert one[:32] != two[:32]
    assert one[32:64] != two[32:64]
    assert b"Please" not in one
    assert bytes(16) not in one


@pytest.mark.parametrize("place", [0, 31, 32, 33, SEALED // 2, SEALED - 17, SEALED - 16, -1])
def test_one_changed_bit_is_found(place: int) -> None:
    """In the message's own key, in what it says, and in its tag."""
    mine = quick()
    for bit in range(8):
        message = bytearray(sealed(mine.public, b"Please call us back"))
        message[place] ^= 1 << bit
        with pytest.raises(NotYours):
            messages(mine, bytes(message))


@pytest.mark.parametrize(
    "ciphertext",
    [
        b"x",
        bytes(31),
        bytes(SEALED - 1),
        bytes(SEALED),
        b"\1" + bytes(SEALED - 1),
        b"\xff" * SEALED,
        bytes(SEALED + 1),
        b"x" * (2 * SEALED),
    ],
    ids=["byte", "short", "cut", "zero point", "low order", "ones", "long", "two"],
)
def test_what_is_no_message_is_not_hers(ciphertext: bytes) -> None:
    """One error, whatever the cause, points that give no secret included."""
    with pytest.raises(NotYours) as caught:
        messages(keys(), ciphertext)

    assert "" == str(caught.value)


def test_one_bad_message_spoils_the_letter_box() -> None:
    """Nothing is shown as if it were all there was."""
    mine = quick()
    good = sealed(mine.public, b"first")
    for ciphertext in (good + bytes(SEALED), bytes(SEALED) + good, good + good[:-1]):
        with pytest.raises(NotYours):
            messages(mine, ciphertext)


def test_a_message_of_another_letter_box_does_not_open() -> None:
    """Even when it is moved there whole."""
    mine, other = quick(), quick()
    with pytest.raises(NotYours):
        messages(mine, sealed(mine.public, b"hers") + sealed(other.public, b"somebody else's"))


def test_keys_in_a_log_tell_nothing() -> None:
    """Neither where the letter box is nor what opens it."""
    shown = f"{keys()} {keys()!r}"

    assert str(keys().address) not in shown
    assert keys().public.hex() not in shown
    assert repr(keys().public) not in shown
