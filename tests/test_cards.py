"""What a study centre's letters say, what they never say, and what their links and buttons hold."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from msgspec import structs

from bot.channels.telegram.group import card as message
from bot.contact.cards import Cards, code_of_handle
from bot.contact.letter import Letter
from bot.contact.mail import mail
from bot.contact.notes import points_note, read_note, words_note
from bot.store.records import State
from dialogs.catalogue import Catalogue
from dialogs.conversation.requests import shareable
from dialogs.conversation.session import LANGUAGES, SENT_DAYS
from dialogs.eligibility.matching import assess
from dialogs.errors import DeadToken
from dialogs.wire.code import code_of, grouped
from dialogs.wire.handle import Deed, Handle, unpack
from dialogs.wire.keyring import Keyring
from dialogs.wire.seal import KEY_BYTES, TOKEN_LENGTH
from tests.builders import UNSURE, Talk
from tests.contact_fixtures import CENTRE, NCT, WEB

#: A Tuesday; the next three working days end on Friday.
TODAY = date(2026, 3, 10)
DAYS = 14
CHAT = 987_654_321
HANDLE = Handle(
    tag=33, trial=1, centre=CENTRE, attempt=0, language="en", relative=False, web=False,
    address=CHAT, sent=TODAY.toordinal() % SENT_DAYS,
)  # fmt: skip
CODE = grouped(code_of(33, 1, CENTRE, 0))
WORDS = "When could I come? My HER2 result is negative."
GOING = (State.SENDING, State.SENT, State.REMINDED, State.ESCALATED, State.TAKEN, State.ANSWERED)
OVER = (State.CLOSED, State.ENDED)


def keys(today: date = TODAY) -> Keyring:
    """The keys that were made each day from `TODAY` on, as they live on `today`."""
    days = (TODAY + timedelta(days=number) for number in range((today - TODAY).days + 1))
    made = {day: bytes([place]) * KEY_BYTES for place, day in enumerate(days)}
    return Keyring("handle", made, today, DAYS)


def cards_of(catalogue: Catalogue, language: str = "en") -> Cards:
    """What writes letters in a live service."""
    shown = replace(catalogue, demonstration=False)
    return Cards(lambda: shown, WEB, language)


@pytest.fixture(params=list(LANGUAGES))
def cards(request: pytest.FixtureRequest, catalogue: Catalogue) -> Cards:
    """The same, in each language of the staff."""
    return cards_of(catalogue, request.param)


@pytest.fixture
def english(catalogue: Catalogue) -> Cards:
    """The same, in English."""
    return cards_of(catalogue)


@pytest.fixture(scope="session")
def note(catalogue: Catalogue) -> str:
    """The result and the points of somebody who knows little, sealed."""
    found = assess(
        catalogue.trials[1], catalogue.bank, Talk(catalogue).result(**UNSURE).session.answers
    )
    points = shareable(found, catalogue)

    assert points

    return keys().enclose(points_note(found.verdict, points), b"")


def written(
    cards: Cards,
    state: State = State.SENT,
    *,
    group: bool = True,
    handle: Handle = HANDLE,
    note: str = "",
    repeat: bool = False,
    today: date = TODAY,
) -> Letter:
    """A card."""
    return cards.card(
        handle, today, keys(today), note=note, state=state, group=group, repeat=repeat
    )


def plain(letter: Letter) -> str:
    """All of a letter that a server, a filter or a passer-by can read."""
    labels = [label for row in letter.buttons for label, _ in row]
    address = (letter.link or "").partition("#")[0]
    return "\n".join(
        [letter.code, letter.title, *letter.lines, *labels, letter.label or "", address]
    )


def deeds(letter: Letter) -> list[tuple[str, Deed]]:
    """The buttons: what they say, and what they are for."""
    found = []
    for label, token in (button for row in letter.buttons for button in row):
        handle, deed = unpack(keys().open(token, b""))
        found.append((label, deed))

        assert handle.tag == HANDLE.tag

    return found


@pytest.mark.parametrize("group", [True, False])
@pytest.mark.parametrize("relative", [True, False])
def test_a_card_says_what_the_centre_needs_and_no_more(
    cards: Cards, catalogue: Catalogue, group: bool, relative: bool
) -> None:
    """Study, centre, who asks, on which day, in which language, until when, how to answer."""
    handle = replace(HANDLE, relative=relative, language="fr" if relative else "en")
    trial, speech = catalogue.trials[1], cards.speech
    centre = trial.centres[0]
    asks = speech.say(
        "staff.asks", relative, centre=centre.name, city=centre.city, name=trial.name,
        nct=NCT, day=speech.date(TODAY),
    )  # fmt: skip
    letter = written(cards, group=group, handle=handle)

    assert (
        speech.say("staff.sample"),
        asks,
        speech.say(f"staff.reads.{handle.language}"),
        speech.say("staff.due", day=speech.date(date(2026, 3, 13))),
        speech.say("staff.how.group" if group else "staff.how.page"),
        speech.say("staff.never"),
    ) == letter.lines
    assert (CODE, speech.say("staff.title", code=CODE)) == (letter.code, letter.title)


def test_patient_and_relative_are_told_apart(cards: Cards) -> None:
    """By one line, and the language she reads by another."""
    own = written(cards)
    relative = written(cards, handle=replace(HANDLE, relative=True))
    french = written(cards, handle=replace(HANDLE, language="fr"))

    assert 1 == len(set(own.lines) - set(relative.lines))
    assert 1 == len(set(own.lines) - set(french.lines))


def test_staff_are_spoken_to_in_their_own_language(catalogue: Catalogue) -> None:
    """Whatever language she reads."""
    french, english = (written(cards_of(catalogue, language)) for language in ("fr", "en"))

    assert "10 mars 2026" in plain(french)
    assert "10 March 2026" in plain(english)
    assert not set(french.lines) & set(english.lines)


def test_a_title_names_no_study_and_no_illness(cards: Cards, catalogue: Catalogue) -> None:
    """It is the subject of a mail, and the first line on a locked telephone."""
    trial, code = catalogue.trials[1], code_of_handle(HANDLE)
    for kind, letter in (
        ("", written(cards)),
        (".over", written(cards, State.CLOSED)),
        (".over", written(cards, State.ENDED)),
        (".words", cards.words(HANDLE, TODAY, keys(), "note", 5)),
        (".reminder", cards.reminder(code, trial.centres[0])),
        ("", cards.operator(code, trial, trial.centres[0], reminded=True)),
        ("", cards.operator(code, trial, trial.centres[0], reminded=False)),
        ("", cards.gone(code, NCT, 9)),
    ):
        private = (NCT, trial.name, "cancer", "sein", "breast", "étude", "study")

        assert cards.speech.say(f"staff.title{kind}", code=CODE) == letter.title
        assert CODE in letter.title
        assert [] == [word for word in private if word.lower() in letter.title.lower()]


def test_a_title_tells_what_kind_of_letter_it_is(cards: Cards, catalogue: Catalogue) -> None:
    """In a list of mails a reminder looks like no new request, and an end like none either."""
    titles = {
        written(cards).title,
        written(cards, State.ENDED).title,
        cards.words(HANDLE, TODAY, keys(), "note", 5).title,
        cards.reminder(code_of_handle(HANDLE), catalogue.trials[1].centres[0]).title,
    }

    assert 4 == len(titles)


def _private(catalogue: Catalogue, note: str) -> set[str]:
    """What nobody but the reader of the page may see: results, criteria, her words, her chat."""
    trial = catalogue.trials[1]
    found = {WORDS, "HER2", str(CHAT), f"{CHAT:x}", note}
    for speech in catalogue.speeches.values():
        found |= {speech.say(f"result.{kind}.title") for kind in ("worth", "check", "no")}
        found |= {speech.say(trial.phrase(f"{one.id}.plain")) for one in trial.criteria}
    return {text.casefold() for text in found}


@pytest.mark.parametrize("group", [True, False])
@pytest.mark.parametrize("web", [True, False])
@pytest.mark.parametrize("relative", [True, False])
def test_no_letter_says_an_answer_or_a_result(
    cards: Cards, catalogue: Catalogue, note: str, group: bool, web: bool, relative: bool
) -> None:
    """In any state, in a group or a mail, with her points or her words: not in plain words."""
    handle = replace(HANDLE, web=web, relative=relative)
    words = keys().enclose(words_note(WORDS), b"")
    letters = [
        written(cards, state, group=group, handle=handle, note=note, repeat=repeat)
        for state in State
        for repeat in (True, False)
    ]
    letters.append(cards.words(handle, TODAY, keys(), words, 5))
    for letter in letters:
        said = plain(letter).casefold()

        assert "{" not in said
        assert [] == [text for text in _private(catalogue, note) if text in said]


def test_a_mail_that_is_on_its_way_says_no_answer_and_no_result(
    cards: Cards, catalogue: Catalogue, note: str
) -> None:
    """Its headers, its text and its HTML, with the keys taken out."""
    letter = written(cards, State.SENDING, group=False, note=note)

    assert letter.handle is not None

    sent = mail(letter, "passerelle@example.org", "team@example.org", cards.speech)
    parts = [str(part.get_content()) for part in sent.iter_parts()]
    headers = [str(value) for _, value in sent.items()]

    assert 2 == len(parts)
    for part in parts:
        # Once in the link, behind its sign, and once for pasting.
        assert [1, 1] == [part.count("#" + letter.handle), part.count(letter.handle) - 1]
    said = "\n".join([*headers, *parts]).replace(letter.handle, "").casefold()

    assert CODE.casefold() in said
    assert [] == [text for text in _private(catalogue, note) if text in said]


def test_a_message_to_a_group_says_no_answer_and_no_result(
    cards: Cards, catalogue: Catalogue, note: str
) -> None:
    """Her points are on the page alone, which only the link opens."""
    shown = message(written(cards, note=note))
    rows = shown["reply_markup"]["inline_keyboard"]
    labels = [button["text"] for row in rows for button in row]
    links = [button["url"] for row in rows for button in row if "url" in button]
    said = "\n".join([shown["text"], *labels]).casefold()

    assert cards.speech.say("staff.points") in shown["text"]
    assert [True] == [link.endswith(f".{note}") for link in links]
    assert [] == [text for text in _private(catalogue, note) if text in said]


def test_the_key_stands_behind_the_sign_that_no_server_sees(
    english: Cards, catalogue: Catalogue, note: str
) -> None:
    """And once more for pasting; what she added rides along, and only the page opens it."""
    for added in ("", note):
        letter = written(english, group=False, note=added)
        address = urlsplit(letter.link or "")
        token, _, rest = address.fragment.partition(".")

        assert f"{WEB}/reply" == f"{address.scheme}://{address.netloc}{address.path}"
        assert "lang=en" == address.query
        assert address.fragment == letter.handle
        assert (TOKEN_LENGTH, added) == (len(token), rest)
        assert (HANDLE, Deed.OPEN) == unpack(keys().open(token, b""))
        assert ("." in address.fragment) is bool(added)
    text, kind, points = read_note(keys().disclose(note, b""))

    assert (None, "check") == (text, kind)
    assert set(points) <= {criterion.id for criterion in catalogue.trials[1].criteria}


def test_what_she_added_is_told_and_what_she_did_not_add_is_not(cards: Cards, note: str) -> None:
    """So that nobody looks for it in vain."""
    told = cards.speech.say("staff.points")

    assert told in written(cards, note=note).lines
    assert told not in written(cards).lines


@pytest.mark.parametrize("state", State)
def test_buttons_in_a_group_follow_the_state(cards: Cards, state: State) -> None:
    """*We are handling it* until somebody is; once it is over there is nothing to press.

    Each has a row of its own: a telephone would cut long words off.
    """
    say = cards.speech.say
    reply, taken = (say("staff.reply"), Deed.OPEN), (say("staff.take"), Deed.TAKEN)
    expected = [reply, taken, (say("staff.close"), Deed.CLOSE)]
    if state in (State.TAKEN, State.ANSWERED):
        expected.remove(taken)
    if state in OVER:
        expected = []

    letter = written(cards, state)

    assert expected == deeds(letter)
    assert {1} >= {len(row) for row in letter.buttons}


@pytest.mark.parametrize("state", GOING)
def test_a_web_patients_reply_is_a_link(cards: Cards, state: State) -> None:
    """There is no chat to answer into: the page seals the words to her letter box."""
    letter = written(cards, state, handle=replace(HANDLE, web=True))
    say = cards.speech.say

    assert say("staff.reply") == letter.label
    assert f"{WEB}/reply?lang={cards.speech.language}#{letter.handle}" == letter.link
    assert Deed.OPEN not in {deed for _, deed in deeds(letter)}
    assert say("staff.close") in {label for label, _ in deeds(letter)}
    assert say("staff.how.page") in letter.lines
    assert say("staff.how.group") not in letter.lines


@pytest.mark.parametrize("state", GOING)
@pytest.mark.parametrize("web", [True, False])
def test_a_mail_has_a_link_and_no_button(cards: Cards, state: State, web: bool) -> None:
    """Nothing happens by opening it."""
    letter = written(cards, state, group=False, handle=replace(HANDLE, web=web))

    assert () == letter.buttons
    assert cards.speech.say("staff.open") == letter.label
    assert cards.speech.say("staff.how.page") in letter.lines


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("group", [True, False])
def test_a_card_says_how_its_request_stands(cards: Cards, state: State, group: bool) -> None:
    """Taken, answered, closed, ended; that a reminder went to the team is no news for it."""
    say = cards.speech.say
    known = {one: say(f"staff.state.{one}") for one in ("taken", "answered", "closed", "ended")}
    lines = written(cards, state, group=group).lines

    assert [text for name, text in known.items() if name == state] == [
        line for line in lines if line in known.values()
    ]


@pytest.mark.parametrize("state", State)
def test_what_is_over_is_said_first_and_nobody_waits(cards: Cards, state: State) -> None:
    """Nor does anybody wait once an answer has gone out."""
    lines = written(cards, state).lines
    due = cards.speech.say("staff.due", day=cards.speech.date(date(2026, 3, 13)))

    if state in OVER:
        assert cards.speech.say(f"staff.state.{state}") == lines[0]
    assert (due in lines) is (state not in (*OVER, State.ANSWERED))


@pytest.mark.parametrize("state", OVER)
@pytest.mark.parametrize("group", [True, False])
def test_a_card_whose_request_is_over_opens_nothing(
    cards: Cards, note: str, state: State, group: bool
) -> None:
    """No link, no key, no button, no word of how to answer; it needs no living key."""
    late = TODAY + timedelta(days=DAYS)
    for today in (TODAY, late):
        letter = written(cards, state, group=group, note=note, today=today)

        assert (None, None, None) == (letter.link, letter.label, letter.handle)
        assert () == letter.buttons
        assert not {
            cards.speech.say(f"staff.{name}") for name in ("points", "how.group", "how.page")
        } & set(letter.lines)


def test_a_repeat_says_so_first_and_is_the_same_letter(cards: Cards) -> None:
    """One code, one number of a mail; nothing else differs."""
    first = written(cards, State.SENDING)
    again = written(cards, State.SENDING, repeat=True)

    assert (cards.speech.say("staff.repeat", code=CODE), *first.lines) == again.lines
    assert (first.code, first.title, first.serial) == (again.code, again.title, again.serial)


def test_letters_about_one_request_are_told_apart(english: Cards, catalogue: Catalogue) -> None:
    """By mail programs, which show two mails of one number as one."""
    trial, code = catalogue.trials[1], code_of_handle(HANDLE)
    letters = [
        written(english, State.SENDING, group=False),
        written(english, State.ENDED, group=False),
        english.reminder(code, trial.centres[0]),
        english.operator(code, trial, trial.centres[0], reminded=True),
        english.words(HANDLE, TODAY, keys(), "note", 0),
        english.words(HANDLE, TODAY, keys(), "note", 1),
    ]
    sent = [
        mail(one, "passerelle@example.org", "team@example.org", english.speech) for one in letters
    ]

    assert len(letters) == len({str(one["Message-ID"]) for one in sent})
    assert letters[0].serial != letters[1].serial == written(english, State.TAKEN).serial
    assert [one.title for one in letters] == [str(one["Subject"]) for one in sent]


def test_a_later_card_is_still_of_the_day_of_the_request(english: Cards) -> None:
    """It is shown again with every change; the days to answer do not begin anew."""
    later = TODAY + timedelta(days=5)
    first, again = written(english), written(english, State.TAKEN, today=later)

    assert [line for line in first.lines if "10 March" in line or "13 March" in line] == [
        line for line in again.lines if "March" in line
    ]


def test_a_demonstration_shows_the_days_that_she_is_shown(catalogue: Catalogue) -> None:
    """On both sides the request is of the day on which the study was open."""
    demonstration = Cards(lambda: catalogue, WEB, "en")
    first = plain(written(demonstration))
    later = plain(written(demonstration, State.TAKEN, today=TODAY + timedelta(days=5)))

    assert ("7 October 2022" in first, "12 October 2022" in first) == (True, True)
    assert "on 2 October 2022" in later
    assert "2026" not in first + later


def test_what_a_card_opens_dies_with_the_key_of_its_request(english: Cards) -> None:
    """Also on a card that was written days later: its keys are of the request's own day."""
    later = TODAY + timedelta(days=5)
    letter = written(english, State.TAKEN, today=later)
    tokens = [letter.handle or "", *(token for row in letter.buttons for _, token in row)]
    last, dead = (keys(TODAY + timedelta(days=days)) for days in (DAYS - 1, DAYS))
    for token in tokens:
        assert HANDLE == unpack(last.open(token, b""))[0]
        with pytest.raises(DeadToken):
            dead.open(token, b"")


@pytest.mark.parametrize("state", GOING)
def test_without_the_key_of_its_day_no_card_is_written(english: Cards, state: State) -> None:
    """Under another day's key it would open for longer than was promised."""
    late = TODAY + timedelta(days=DAYS)
    with pytest.raises(DeadToken):
        written(english, state, today=late)
    with pytest.raises(DeadToken):
        english.words(HANDLE, late, keys(late), "note", 5)


@pytest.mark.parametrize("gone", [{"trial": 9}, {"centre": 99}])
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("group", [True, False])
def test_a_request_to_what_is_gone_is_over(
    cards: Cards, gone: dict[str, int], state: State, group: bool
) -> None:
    """A release took the trial or the centre out: there is nothing to press or to open."""
    handle = replace(HANDLE, **gone)  # type: ignore[arg-type]
    letter = written(cards, state, group=group, handle=handle)

    assert cards.place(handle) is None
    assert cards.speech.say("staff.state.over") == letter.lines[0]
    assert (None, None, ()) == (letter.link, letter.handle, letter.buttons)
    assert "PALATINE" not in plain(letter)


def test_a_real_centre_is_not_called_a_sample(catalogue: Catalogue) -> None:
    """Only made up contacts are."""
    trial = catalogue.trials[1]
    real = tuple(structs.replace(centre, sample=False) for centre in trial.centres)
    known = replace(catalogue, trials={1: replace(trial, centres=real)})
    letter = written(cards_of(known))

    assert "sample" not in plain(letter).lower()
    assert "Gustave Roussy" in plain(letter)


def test_word_of_her_text_is_a_link_alone(cards: Cards) -> None:
    """Her words ride sealed behind its sign, never in a mail's body or in a group."""
    note = keys().enclose(words_note(WORDS), b"")
    letter = cards.words(HANDLE, TODAY, keys(), note, 7)
    token, _, rest = (letter.link or "").partition("#")[2].partition(".")
    say = cards.speech.say

    assert (
        say("staff.words", code=CODE, centre="Gustave Roussy"),
        say("staff.never"),
    ) == letter.lines
    assert (HANDLE, Deed.OPEN) == unpack(keys().open(token, b""))
    assert (WORDS, None, ()) == read_note(keys().disclose(rest, b""))
    assert (f"{token}.{rest}", say("staff.read")) == (letter.handle, letter.label)
    assert () == letter.buttons


def test_a_reminder_repeats_the_code_and_nothing_else(cards: Cards, catalogue: Catalogue) -> None:
    """No study, no day, no key: nothing in it leads to her."""
    trial = catalogue.trials[1]
    letter = cards.reminder(code_of_handle(HANDLE), trial.centres[0])

    assert (cards.speech.say("staff.reminder", code=CODE, centre="Gustave Roussy"),) == letter.lines
    assert (None, None, None, ()) == (letter.link, letter.label, letter.handle, letter.buttons)
    assert not [part for part in (NCT, "PALATINE", "2026") if part in plain(letter)]


def test_the_operator_is_told_whom_to_call(cards: Cards, catalogue: Catalogue) -> None:
    """The code, the centre and its telephone; no key, as the operator is not the team."""
    trial = catalogue.trials[1]
    centre = trial.centres[0]
    for reminded, phrase in ((True, "staff.operator"), (False, "staff.operator.unreached")):
        letter = cards.operator(code_of_handle(HANDLE), trial, centre, reminded=reminded)

        assert (
            cards.speech.say(phrase, code=CODE, centre=centre.name, nct=NCT, phone=centre.phone),
        ) == letter.lines
        assert centre.phone in letter.lines[0]
        assert (None, None, None, ()) == (letter.link, letter.label, letter.handle, letter.buttons)


def test_the_operator_is_told_of_a_centre_that_is_gone(cards: Cards) -> None:
    """By its number, as nothing else is known of it."""
    letter = cards.gone(code_of_handle(HANDLE), NCT, 9)

    assert (cards.speech.say("staff.operator.gone", code=CODE, number=9, nct=NCT),) == letter.lines


def test_the_operator_is_told_of_a_channel_that_fails(cards: Cards, catalogue: Catalogue) -> None:
    """Each day's word is a mail of its own; it is about no request."""
    trial = catalogue.trials[1]
    first, second = (
        cards.away(trial, trial.centres[0], TODAY + timedelta(days=days)) for days in (0, 1)
    )

    assert first.serial != second.serial
    assert trial.centres[0].name in first.lines[0]
    assert CODE not in plain(first)
