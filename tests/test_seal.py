"""Tokens: sealed into 64 characters, dead when anything about them is wrong."""

import random
import string
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st

from dialogs.errors import DeadToken
from dialogs.wire.pack import PAYLOAD
from dialogs.wire.seal import FORMAT, KEY_BYTES, TOKEN_LENGTH, Seal, key_byte, unwrapped

KEY = bytes(range(KEY_BYTES))
PLACE = b"state\0here"
SEAL = Seal(KEY, 0x2A)
SAID = bytes(range(100, 100 + PAYLOAD))
TOKEN = SEAL.seal(SAID, PLACE)
ALPHABET = string.ascii_letters + string.digits + "-_"
NOTE = SEAL.enclose("Je voudrais savoir si l’essai est ouvert.".encode(), PLACE)


def dead(token: str, seal: Seal = SEAL, place: bytes = PLACE) -> bool:
    """Whether `token` does not open."""
    try:
        seal.open(token, place)
    except DeadToken:
        return True
    return False


@given(payload=st.binary(min_size=PAYLOAD, max_size=PAYLOAD), place=st.binary(max_size=64))
def test_what_is_sealed_opens_again(payload: bytes, place: bytes) -> None:
    """Any 31 bytes become 64 characters that a button or a form can carry, and come back."""
    token = SEAL.seal(payload, place)

    assert TOKEN_LENGTH == len(token) == 64
    assert set(token) <= set(ALPHABET)
    assert payload == SEAL.open(token, place)


def test_sealing_is_deterministic() -> None:
    """The same words in the same place under the same key are the same token."""
    assert TOKEN == Seal(KEY, 0x2A).seal(SAID, PLACE)


def test_another_word_place_or_key_is_another_token() -> None:
    """Nothing of a token stays when anything differs."""
    other = [
        SEAL.seal(SAID[:-1] + b"\0", PLACE),
        SEAL.seal(SAID, PLACE + b"!"),
        Seal(KEY[::-1], 0x2A).seal(SAID, PLACE),
    ]

    assert 4 == len({TOKEN, *other})
    assert all(one[2:22] != TOKEN[2:22] for one in other)


def test_a_token_tells_which_key_sealed_it() -> None:
    """By its first byte, and nothing else is readable."""
    raw = urlsafe_b64decode(TOKEN)

    assert (0x2A, 48) == (raw[0], len(raw))
    assert 0x2A == key_byte(TOKEN)
    assert SAID not in raw


def test_one_changed_character_of_any_place_kills() -> None:
    """Every character of a token counts."""
    for place, character in enumerate(TOKEN):
        for other in ALPHABET:
            if other != character:
                changed = TOKEN[:place] + other + TOKEN[place + 1 :]

                # The key byte is looked up before: a token that names another key has none.
                assert dead(changed) or key_byte(changed) != key_byte(TOKEN), (place, other)


def test_ten_thousand_mutations_and_cuts_are_dead() -> None:
    """Random characters changed, cut out, doubled, swapped or added."""
    dice = random.Random(2022)
    for _ in range(10_000):
        token = list(TOKEN)
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(2, len(token))
            match dice.randrange(5):
                case 0:
                    token[place] = dice.choice(string.printable)
                case 1:
                    del token[place]
                case 2:
                    token.insert(place, dice.choice(ALPHABET))
                case 3:
                    other = dice.randrange(2, len(token))
                    token[place], token[other] = token[other], token[place]
                case _:
                    token = token[:place] if place > 8 else token[place:] + token[:place]
        changed = "".join(token)
        if changed.replace("+", "-").replace("/", "_") != TOKEN:
            assert dead(changed), changed


def test_a_token_has_one_spelling() -> None:
    """The other base64 alphabet spells no token, so that equal tokens are equal texts."""
    token = next(
        token
        for n in range(200)
        if "-" in (token := SEAL.seal(n.to_bytes(PAYLOAD, "big"), PLACE)) and "_" in token
    )

    assert not dead(token)
    assert dead(token.replace("-", "+"))
    assert dead(token.replace("_", "/"))


@given(text=st.text(max_size=80))
def test_any_text_is_dead(text: str) -> None:
    """Whatever is sent instead of a token raises `DeadToken` and nothing else."""
    assert dead(text)
    if len(text) != TOKEN_LENGTH:
        with pytest.raises(DeadToken):
            key_byte(text)


@given(raw=st.binary(min_size=48, max_size=48))
def test_any_bytes_of_the_right_length_are_dead(raw: bytes) -> None:
    """A token cannot be guessed."""
    assert dead(urlsafe_b64encode(raw).decode())


@pytest.mark.parametrize(
    "token",
    [
        "",
        "A" * 63,
        "A" * 65,
        "A" * 60 + "====",
        "A" * 63 + "=",
        "é" * 64,
        "\ud800" * 64,
        "\0" * 64,
        " " + TOKEN[1:],
        TOKEN + "\n",
        TOKEN[:-1] + "\n",
        TOKEN.swapcase(),
        TOKEN[::-1],
    ],
)
def test_what_has_not_the_shape_is_dead(token: str) -> None:
    """Wrong length, wrong alphabet, padding, spaces and lone surrogates."""
    assert dead(token)


@pytest.mark.parametrize("place", [b"", PLACE + b"\0", b"state\0there", b"reply\0here", PLACE[:-1]])
def test_a_token_is_dead_in_another_place(place: bytes) -> None:
    """Another chat, another page, another purpose."""
    assert dead(TOKEN, place=place)


def test_a_token_is_dead_under_another_key() -> None:
    """One bit of the key is enough."""
    assert dead(TOKEN, Seal(bytes([KEY[0] ^ 1]) + KEY[1:], 0x2A))


def test_the_format_is_part_of_the_seal() -> None:
    """A token of another format version would be dead, as if it came from another place."""
    assert b"2" == FORMAT


def test_many_are_sealed_as_one_by_one() -> None:
    """The tokens of a page are those that each payload would have alone, in their order."""
    payloads = [bytes([n]) * PAYLOAD for n in range(40)]

    assert [SEAL.seal(one, PLACE) for one in payloads] == SEAL.seal_all(payloads, PLACE)
    assert [TOKEN] == SEAL.seal_all([SAID], PLACE)
    assert [] == SEAL.seal_all([], PLACE)


def disclosed(text: str, seal: Seal = SEAL, place: bytes = PLACE) -> bytes:
    """The data enclosed in `text`."""
    return seal.disclosed(unwrapped(text), place)


def filled_up(filled: bytes) -> str:
    """What `enclose` would make of data that are compressed and filled up already."""
    raw = b"\x2a" + AESSIV(KEY).encrypt(filled, [FORMAT + PLACE, b"enclosed"])
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@given(data=st.binary(max_size=2000), place=st.binary(max_size=64))
def test_what_is_enclosed_comes_out_again(data: bytes, place: bytes) -> None:
    """Of any length, as characters that a link can carry; 113 bytes are the least."""
    text = SEAL.enclose(data, place)

    assert set(text) <= set(ALPHABET)
    assert len(text) >= 151
    assert data == disclosed(text, place=place)
    assert text == SEAL.enclose(data, place)


@pytest.mark.parametrize("one", ["a", "0", "\0", "random"])
def test_exactly_as_much_as_is_allowed_comes_out_again(one: str) -> None:
    """However well it is compressed; one byte more is refused, without a byte of it told."""
    data = random.Random(4).randbytes(8192) if one == "random" else one.encode() * 8192

    assert data == disclosed(SEAL.enclose(data, PLACE))
    with pytest.raises(ValueError, match=r"^8193 bytes: 8192 can be enclosed$"):
        SEAL.enclose(data + b"x", PLACE)


def test_lengths_say_little() -> None:
    """Up to 96 bytes, less the two of the length, look alike, and so does each step after it."""
    dice = random.Random(4)
    # Too mixed to be compressed: five more bytes are needed to say so.
    lengths = [len(SEAL.enclose(dice.randbytes(n), PLACE)) for n in range(400)]

    assert {151} == set(lengths[:90])
    assert [151, 279, 407, 535, 663] == sorted(set(lengths))
    assert sorted(lengths) == lengths


def test_a_long_text_stays_short_enough_for_a_link() -> None:
    """1,000 letters in fewer than 1,300 characters, even when they make no words."""
    letters = string.ascii_lowercase + " àé"
    text = "".join(random.Random(4).choices(letters, k=1000))

    assert len(SEAL.enclose(text.encode(), PLACE)) < 1300


def test_a_token_and_a_note_are_never_taken_for_each_other() -> None:
    """Not by their shape, and not by their seal either."""
    with pytest.raises(DeadToken):
        disclosed(TOKEN)
    assert dead(NOTE)
    # The same cipher under the same key, once without the word that tells them apart.
    with pytest.raises(DeadToken):
        SEAL.opened(unwrapped(NOTE), PLACE)
    alike = b"\x2a" + AESSIV(KEY).encrypt(bytes(96), [FORMAT + PLACE])
    assert bytes(96) == SEAL.opened(alike, PLACE)
    with pytest.raises(DeadToken):
        SEAL.disclosed(alike, PLACE)


def test_one_changed_character_of_a_note_kills() -> None:
    """Every character counts, the last included, which has bits that mean nothing."""
    dice = random.Random(4)
    for place, character in enumerate(NOTE):
        others = ALPHABET if place == len(NOTE) - 1 else dice.sample(ALPHABET, 8)
        for other in others:
            if other != character and place >= 2:
                with pytest.raises(DeadToken):
                    disclosed(NOTE[:place] + other + NOTE[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A" * 64,
        "A" * 151,
        "A" * 152,
        "A" * 153,
        "A" * 279,
        "A" * 20_000,
        "é" * 151,
        "\ud800" * 151,
        NOTE[:-1],
        NOTE + "A",
        NOTE + "=",
        NOTE + "\n",
        " " + NOTE,
        NOTE * 2,
        NOTE[::-1],
        NOTE.swapcase(),
    ],
)
def test_what_was_never_enclosed_is_dead(text: str) -> None:
    """Wrong length, wrong alphabet, cut, doubled or with something added."""
    with pytest.raises(DeadToken):
        disclosed(text)


@given(text=st.text(ALPHABET, min_size=140, max_size=300) | st.text(max_size=300))
def test_any_text_is_a_dead_note(text: str) -> None:
    """Whatever stands behind the dot raises `DeadToken` and nothing else."""
    with pytest.raises(DeadToken):
        disclosed(text)


@pytest.mark.parametrize("place", [b"", PLACE + b"\0", b"state\0there", PLACE[:-1]])
def test_a_note_is_dead_elsewhere(place: bytes) -> None:
    """In another place, or under another key."""
    with pytest.raises(DeadToken):
        disclosed(NOTE, place=place)
    with pytest.raises(DeadToken):
        disclosed(NOTE, Seal(KEY[::-1], 0x2A))


@pytest.mark.parametrize(
    "compressed",
    [
        zlib.compress(bytes(8193), 9, wbits=-15),
        zlib.compress(bytes(50_000_000), 9, wbits=-15)[:20_000],
        zlib.compress(b"cut off before its end", 9, wbits=-15)[:-3],
        b"\xff" * 40,
        b"",
    ],
    ids=["a byte too much", "a bomb", "cut", "nonsense", "nothing"],
)
def test_what_unpacks_to_too_much_or_to_nothing_is_dead(compressed: bytes) -> None:
    """Even from somebody who has the key: never more than 8,192 bytes are unpacked."""
    filled = len(compressed).to_bytes(2, "big") + compressed
    text = filled_up(filled + bytes(-len(filled) % 96))
    with pytest.raises(DeadToken):
        disclosed(text)
