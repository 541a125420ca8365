"""A session and a tap as 31 bytes, and back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES, TAG_BITS, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import MAX_VALUE, NOT_SURE, PREFER_NOT, UNANSWERED, Answers
from dialogs.errors import DataError, DeadToken
from dialogs.wire.pack import ANSWER_BITS, FIELDS, PAYLOAD, TAP_FIELDS, Layout, Tap

TAP_BITS = sum(width for _, width in TAP_FIELDS)

#: Written by hand once. A token is in use for days after a release: if one of these no longer
#: reads as it did, a number or a width was changed that can never change.
GOLDEN = {
    "a fresh conversation": (
        Session(),
        Tap(Action.SHOW),
        "04100000080000000000000000000000000000000000000000000000000080",
    ),
    "her first answer": (
        Session(
            language="en",
            step=Step.QUESTION,
            focus=1,
            whom=Whom.SELF,
            tag=0x0123456789,
            answers=Answers().replaced({1: 1, 2: 2, 3: 4}),
        ),
        Tap(Action.ANSWER, 7),
        "14102a0008000091a2b3c48000340000000000000000000000000000000287",
    ),
    "a relative, on the way back from urgent help": (
        Session(
            language="fr",
            step=Step.URGENT,
            origin=Step.RESULT,
            focus=84,
            whom=Whom.RELATIVE,
            trial=1,
            campaign=4095,
            tag=0xFFFFFFFFFF,
            go_on=True,
            matching=True,
            channel=1,
            furthest=15,
            details=True,
            sent=21,
            attempt=2,
            answers=Answers().replaced(
                dict.fromkeys(range(1, 10), NOT_SURE) | dict.fromkeys(range(10, 32), 1)
            ),
        ),
        Tap(Action.BACK),
        "4caa84000fffffffffffffffd6dedb7b124949292492492480000000000400",
    ),
    "another trial, an unknown campaign, all points private": (
        Session(
            language="en",
            step=Step.RECAP,
            whom=Whom.RELATIVE_UNASKED,
            trial=16383,
            campaign=1,
            tag=1,
            answers=Answers().replaced(dict.fromkeys(range(20, 32), PREFER_NOT)),
        ),
        Tap(Action.CHANGE, 127),
        "24100ffff8008000000000800000000000000007ffffffff800000000004ff",
    ),
}


def codes(width: int) -> list[int]:
    """The codes that a slot of this width can hold."""
    if width == 2:
        return [UNANSWERED, 1, 2, NOT_SURE]
    return [*range(MAX_VALUE + 1), NOT_SURE, PREFER_NOT]


@st.composite
def sessions(draw: st.DrawFn, widths: dict[int, int]) -> Session:
    """Any session that can be packed."""
    slots = {slot: draw(st.sampled_from(codes(width))) for slot, width in widths.items()}
    return Session(
        language=draw(st.sampled_from(list(LANGUAGES))),
        step=draw(st.sampled_from(Step)),
        origin=draw(st.sampled_from(Step)),
        focus=draw(st.integers(0, 127)),
        whom=draw(st.sampled_from(Whom)),
        trial=draw(st.integers(0, (1 << 14) - 1)),
        campaign=draw(st.integers(0, (1 << 12) - 1)),
        tag=draw(st.integers(0, (1 << TAG_BITS) - 1)),
        go_on=draw(st.booleans()),
        matching=draw(st.booleans()),
        channel=draw(st.integers(0, 1)),
        furthest=draw(st.integers(0, 15)),
        details=draw(st.booleans()),
        sent=draw(st.integers(0, 31)),
        attempt=draw(st.integers(0, 3)),
        answers=Answers().replaced(slots),
    )


TAPS = st.builds(Tap, st.sampled_from(Action), st.integers(0, 127))


def test_everything_fits_into_31_bytes_to_the_bit() -> None:
    """Session, answers and tap are 104, 131 and 13 bits: 248 in all."""
    session_bits = sum(width for _, width in FIELDS)

    assert (104, 131, 13) == (session_bits, ANSWER_BITS, TAP_BITS)
    assert PAYLOAD * 8 == session_bits + ANSWER_BITS + TAP_BITS == 248


def test_there_is_room_for_48_questions(live: Catalogue) -> None:
    """The bank of today leaves room, and 43 slots of three bits fit, or 48 of which 13 have two."""
    assert sum(live.bank.widths.values()) <= ANSWER_BITS
    Layout(dict.fromkeys(range(1, 44), 3))
    Layout({slot: 3 if slot < 36 else 2 for slot in range(1, 49)})


def test_a_bank_that_needs_more_bits_stops_the_start() -> None:
    """One bit too many is an error that names both numbers."""
    with pytest.raises(DataError, match="need 132 bits and a token carries 131") as caught:
        Layout(dict.fromkeys(range(1, 45), 3))

    assert ("questions", "slots") == (caught.value.file, caught.value.key)


@settings(max_examples=300)
@given(data=st.data(), tap=TAPS)
def test_any_session_and_tap_come_back(live: Catalogue, data: st.DataObject, tap: Tap) -> None:
    """Whatever can be packed is unpacked as it was."""
    session = data.draw(sessions(dict(live.bank.widths)))
    payload = live.layout.with_tap(live.layout.pack(session), tap)

    assert PAYLOAD == len(payload)
    assert (session, tap) == live.layout.unpack(payload)


@settings(max_examples=100)
@given(widths=st.lists(st.sampled_from([2, 3]), min_size=1, max_size=43), data=st.data())
def test_any_bank_that_fits_comes_back(widths: list[int], data: st.DataObject) -> None:
    """Slots need not be next to each other, nor all of one width."""
    slots = data.draw(
        st.lists(st.integers(1, 63), min_size=len(widths), max_size=len(widths), unique=True)
    )
    bank = dict(zip(slots, widths, strict=True))
    layout = Layout(bank)
    session = data.draw(sessions(bank))

    assert session == layout.unpack(layout.with_tap(layout.pack(session), Tap(Action.SHOW)))[0]


def test_not_sure_fits_into_two_bits(live: Catalogue) -> None:
    """A slot of two bits holds unanswered, two values and *I don't know*."""
    narrow = [slot for slot, width in live.bank.widths.items() if width == 2]

    assert narrow
    for slot in narrow:
        for code in (UNANSWERED, 1, 2, NOT_SURE):
            session = Session(answers=Answers().replaced({slot: code}))
            payload = live.layout.with_tap(live.layout.pack(session), Tap(Action.SHOW))

            assert code == live.layout.unpack(payload)[0].answers[slot]


def test_every_slot_has_bits_of_its_own(live: Catalogue) -> None:
    """No answer ever shows in another slot or field."""
    empty = live.layout.pack(Session())
    seen = 0
    for slot, width in live.bank.widths.items():
        full = NOT_SURE if width == 2 else PREFER_NOT
        bits = live.layout.pack(Session(answers=Answers().replaced({slot: full}))) ^ empty

        assert width == bits.bit_count()
        assert not bits & seen
        assert bits < 1 << ANSWER_BITS

        seen |= bits


def patched(payload: bytes, name: str, value: int) -> bytes:
    """`payload` with one field of the session, or the action, set to `value`."""
    shift = TAP_BITS + ANSWER_BITS
    for field, width in reversed(FIELDS):
        if field == name:
            break
        shift += width
    else:
        shift, width = 7, 6
    number = int.from_bytes(payload, "big")
    number &= ~((1 << width) - 1 << shift)
    return (number | value << shift).to_bytes(PAYLOAD, "big")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("step", [n for n in range(64) if n not in set(Step)]),
        ("origin", [n for n in range(64) if n not in set(Step)]),
        ("language", [n for n in range(4) if n not in LANGUAGES.values()]),
        ("action", [n for n in range(64) if n not in set(Action)]),
    ],
)
def test_an_impossible_value_is_a_dead_token(live: Catalogue, name: str, values: list[int]) -> None:
    """Steps, languages and actions that do not exist."""
    payload = live.layout.with_tap(live.layout.pack(Session()), Tap(Action.SHOW))

    assert values
    assert payload == patched(payload, "focus", 0)
    for value in values:
        with pytest.raises(DeadToken):
            live.layout.unpack(patched(payload, name, value))


@settings(max_examples=300)
@given(payload=st.binary(min_size=PAYLOAD, max_size=PAYLOAD))
def test_any_31_bytes_are_a_session_or_dead(live: Catalogue, payload: bytes) -> None:
    """Nothing but `DeadToken` comes of nonsense; what is read can be packed again."""
    try:
        session, tap = live.layout.unpack(payload)
    except DeadToken:
        return
    again = live.layout.with_tap(live.layout.pack(session), tap)

    assert (session, tap) == live.layout.unpack(again)


@pytest.mark.parametrize("name", GOLDEN)
def test_old_tokens_say_what_they_said(live: Catalogue, name: str) -> None:
    """Sessions packed by an earlier release are read as they were meant, to the bit."""
    session, tap, golden = GOLDEN[name]

    assert (session, tap) == live.layout.unpack(bytes.fromhex(golden))
    assert golden == live.layout.with_tap(live.layout.pack(session), tap).hex()


@given(
    taps=st.lists(
        st.tuples(
            st.sampled_from(Action), st.integers(0, 127), st.none() | st.integers(0, 2**14 - 1)
        )
    )
)
def test_the_taps_of_a_page_are_packed_as_one_by_one(
    live: Catalogue, taps: list[tuple[Action, int, int | None]]
) -> None:
    """In their order; a tap that brings a trial into focus says so in its session."""
    layout, session = live.layout, Session(trial=2**14 - 1, campaign=5, tag=9)
    one_by_one = [
        layout.with_tap(
            layout.pack(session if trial is None else replace(session, trial=trial)),
            Tap(action, arg),
        )
        for action, arg, trial in taps
    ]

    assert one_by_one == layout.with_taps(layout.pack(session), taps)


def test_a_bank_without_slots_has_no_answers() -> None:
    """Whatever bits a token carries for them."""
    session, _ = Layout({}).unpack(
        Layout({}).with_tap(Layout({}).pack(Session()), Tap(Action.SHOW))
    )

    assert Session() == session
