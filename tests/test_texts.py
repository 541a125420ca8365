"""Every text of the service, in both languages, passes the plain-language gates."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.authoring.gates import Message, check, read_waivers
from bot.authoring.typography import english, french
from bot.data import read_sources
from dialogs.catalogue import Catalogue, read_phrases
from dialogs.conversation.dialog import Turn, aside, draft, expired, message, turn
from dialogs.conversation.effects import Settled
from dialogs.conversation.requests import outcome
from dialogs.conversation.screens import Aside, Event
from dialogs.conversation.session import LANGUAGES, Session
from dialogs.conversation.speech import placeholders
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import View
from dialogs.phrasebook import Phrase
from dialogs.wire.pack import Tap

WAIVERS = Path(__file__).parent / "waivers.toml"
DEMONSTRATION_DAY = date(2022, 10, 7)
PHRASES = read_phrases(read_sources())
YOU = re.compile(r"\b(you|your|yours|yourself|me|my)\b", re.IGNORECASE)
#: Texts for professionals or in the reader's own mouth, which say "me" and "my" of the reader.
OWN_VOICE = {"whom.self", "whom.relative", "result.recap", "welcome.start", "welcome.elsewhere"}


def messages(catalogue: Catalogue) -> Iterator[Message]:
    """Each form of each phrase in each language."""
    for phrase in PHRASES:
        for language, speech in catalogue.speeches.items():
            for identity, _ in phrase.forms():
                text = speech.say(phrase.id, identity != phrase.id)
                yield Message(identity, phrase.kind, language, text)


def test_every_text_passes_the_gates(everything: Catalogue) -> None:
    """PL1, PL2, PL5: facts of each message, scores of each group, banned words, glosses."""
    findings = check(list(messages(everything)), read_waivers(WAIVERS))

    assert [] == [str(finding) for finding in findings]


def test_the_gates_see_a_bad_text(everything: Catalogue) -> None:
    """The same check fails when one text of the real catalogue is made worse."""
    worse = [
        Message(m.id, m.kind, m.language, "You are eligible for this metastatic battle.")
        if m.id == "result.worth" and m.language == "en"
        else m
        for m in messages(everything)
    ]

    assert {"result.worth"} == {f.id for f in check(worse, read_waivers(WAIVERS))}


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.id)
def test_a_sentence_about_the_patient_has_both_forms(phrase: Phrase) -> None:
    """Only a text that names its two forms, or says that it speaks to any reader, says "you"."""
    if phrase.relative is None and not phrase.addressed and phrase.id not in OWN_VOICE:
        assert None is YOU.search(phrase.own)


def test_relatives_are_never_spoken_to_as_the_patient(everything: Catalogue) -> None:
    """The relative's form of a question, reason or rule never says "your cancer" or the like."""
    mine = {
        "fr": re.compile(
            r"\bvo(?:tre|s) (?:cancer|oncologue|situation|sein|traitement)", re.IGNORECASE
        ),
        "en": re.compile(
            r"\byour (?:cancer|oncologist|situation|breast|treatment|care)", re.IGNORECASE
        ),
    }
    for phrase in PHRASES:
        for language, speech in everything.speeches.items():
            text = speech.say(phrase.id, relative=True)

            assert None is mine[language].search(text), (phrase.id, text)


def test_typography_is_right(everything: Catalogue) -> None:
    """French spaces before ; : ? ! and in « », curved apostrophes; English apostrophes too."""
    wrong = [
        (message.id, message.text)
        for message in messages(everything)
        if message.text != (french if message.language == "fr" else english)(message.text)
    ]

    assert [] == wrong
    assert not [m for m in messages(everything) if '"' in m.text or " ?" in m.text]


def test_numbers_are_the_same_in_both_languages(everything: Catalogue) -> None:
    """PL6: figures and placeholders of the French are those of the English."""
    figures = re.compile(r"\d+")
    told = everything.speeches
    for phrase in PHRASES:
        for relative in (False, True):
            french_text = told["fr"].say(phrase.id, relative)
            english_text = told["en"].say(phrase.id, relative)

            assert Counter(figures.findall(english_text)) == Counter(
                figures.findall(french_text)
            ), phrase.id
            assert placeholders(english_text) == placeholders(french_text)


def walk(catalogue: Catalogue, language: str) -> list[View]:
    """One view of each screen that can be reached, with every question on every path to it."""
    fresh = Session(language=language, trial=catalogue.home, matching=catalogue.home == 0)
    start = turn(fresh, Tap(Action.SHOW), DEMONSTRATION_DAY, catalogue)
    seen: dict[tuple[object, ...], View] = {}
    queue: list[Turn] = [start, expired(fresh, DEMONSTRATION_DAY, catalogue)]
    queue += [aside(kind, fresh, DEMONSTRATION_DAY, catalogue) for kind in Aside]
    while queue:
        done = queue.pop()
        session = done.session
        key = (
            session.step,
            session.focus,
            session.whom,
            tuple(b.label for b in done.view.buttons()),
        )
        if key in seen or len(seen) > 1500:
            continue
        seen[key] = done.view
        taps = [Tap(button.action, button.arg) for button in done.view.buttons()]
        if session.step in (Step.SENDING, Step.ENDING, Step.DRAFT):
            taps += [Tap(Action.OUTCOME, outcome(kind, 0)) for kind in Settled]
        queue += [
            turn(session, tap, DEMONSTRATION_DAY, catalogue)
            for tap in taps
            if tap.action is not Action.LANGUAGE
        ]
        queue += [
            turn(
                replace(session, trial=button.trial),
                Tap(button.action),
                DEMONSTRATION_DAY,
                catalogue,
            )
            for button in done.view.buttons()
            if button.trial is not None
        ]
        if session.step is Step.SENT:
            said = session.at(Step.MESSAGE)
            queue += [message(said, one, "x", DEMONSTRATION_DAY, catalogue) for one in Event]
            queue.append(draft(said, "06 39 98 00 00", DEMONSTRATION_DAY, catalogue))
            queue.append(draft(said, "x" * 1001, DEMONSTRATION_DAY, catalogue))
    return list(seen.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_of_a_screen_can_be_told_apart(
    catalogue: Catalogue, many: Catalogue, language: str
) -> None:
    """At most 24 characters a button, and no two of a screen begin with the same word.

    Regions and study centres have official names.
    """
    views = walk(catalogue, language) + walk(many, language)

    assert set(Step) - {view.step for view in views} == set()
    for view in views:
        if view.step in (Step.REGIONS, Step.CENTRES):
            continue  # official names, which are as they are
        labels = [button.label for button in view.buttons()]
        firsts = Counter(re.split(r"[\s\u202f\u00a0]", label)[0].casefold() for label in labels)

        assert [] == [word for word, count in firsts.items() if count > 1], (view.step, labels)
        assert [] == [label for label in labels if len(label) > 24], view.step


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_its_helps(catalogue: Catalogue, language: str) -> None:
    """PL3: *I don't know*, *why*, *back* and *stop* stand on every question."""
    asked = [view for view in walk(catalogue, language) if view.step is Step.QUESTION]
    not_sure = catalogue.speeches[language].say("answer.not_sure")
    questions = {view.title for view in asked}

    assert len(questions) >= 20
    for view in asked:
        actions = {button.action for button in view.buttons()}

        assert {Action.WHY, Action.BACK, Action.STOP} <= actions
        assert not_sure in {button.label for button in view.buttons()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_recap_says_answers_in_words(catalogue: Catalogue, language: str) -> None:
    """PL11: what she reads in the recap are labels she has tapped, never codes."""
    labels = {
        button.label
        for view in walk(catalogue, language)
        if view.step is Step.QUESTION
        for button in view.buttons()
    }
    recaps = [view for view in walk(catalogue, language) if view.step is Step.RECAP]

    assert recaps
    for view in recaps:
        for block in view.blocks:
            assert block.detail is None or block.detail in labels
