"""The flow of a conversation, screen by screen, through tokens."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.catalogue import Carrier, Catalogue, Operator
from dialogs.conversation.dialog import expired
from dialogs.conversation.effects import Effect
from dialogs.conversation.session import LANGUAGES, Session, Whom
from dialogs.conversation.steps import SIDE_STEPS, Action, Step
from dialogs.conversation.view import BlockKind, View
from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT, Answers
from dialogs.eligibility.index import Index
from dialogs.eligibility.matching import assess
from dialogs.eligibility.ordering import path
from tests.builders import (
    CLOSED_DAY,
    DEMONSTRATION_DAY,
    PAUSED_DAY,
    STALE_DAY,
    STRAIGHT,
    UNSURE,
    Talk,
    everywhere,
    told,
)

FORMS = [(language, relative) for language in LANGUAGES for relative in (False, True)]
#: Steps that lead towards a study centre; a closed trial shows none of them.
#: What goes on when a trial closes: a request that was sent, and its end.
SENT = {
    Step.SENT, Step.OVER, Step.WAITING, Step.MESSAGE, Step.WRITE, Step.DRAFT, Step.PASSED,
    Step.ENDING, Step.ENDED, Step.UNSURE,
}  # fmt: skip
ROUTE = set(Step) - SIDE_STEPS - {Step.WELCOME, Step.ERASED} - SENT
ROUTE |= {Step.SUMMARY, Step.NEXT_STEPS}


def words(view: View) -> str:
    """All words of a screen but its buttons."""
    parts = [view.title, view.banner, view.notice, view.progress]
    parts += [part for block in view.blocks for part in (block.text, block.detail)]
    return "\n".join(part for part in parts if part)


def labels(view: View) -> list[str]:
    """The labels of all buttons."""
    return [button.label for button in view.buttons()]


@pytest.fixture
def talk(catalogue: Catalogue) -> Talk:
    """A fresh conversation in English."""
    return Talk(catalogue)


def test_from_the_welcome_to_a_centre(talk: Talk) -> None:
    """Agree, for me, thirteen answers, result, region, centre: each tap on a button shown."""
    talk.tap(Action.START).tap(Action.WHOM, Whom.SELF)
    for identity, number in STRAIGHT.items():
        talk.answer(identity, number)

    result = talk.tap(Action.RESULT).view

    assert talk.catalogue.speeches["en"].say("result.worth.title") == result.title

    talk.tap(Action.CONTACT).tap(Action.REGION, 84).tap(Action.CENTRE, 2)

    assert Step.CONTACT is talk.step
    assert "Lyon" in talk.view.title


@pytest.mark.parametrize(("language", "relative"), FORMS)
def test_urgent_help_is_on_every_screen(
    catalogue: Catalogue, language: str, relative: bool
) -> None:
    """Or it is the screen of urgent help itself, which has the numbers."""
    for talk in everywhere(catalogue, language, relative):
        hrefs = {block.href for block in talk.view.blocks}

        assert (Action.URGENT in talk.actions()) is (talk.step is not Step.URGENT)
        if talk.step is Step.URGENT:
            assert {"tel:15", "tel:112", "tel:3114", "sms:114"} <= hrefs


@pytest.mark.parametrize(("language", "relative"), FORMS)
def test_every_screen_has_a_way_on_and_a_way_out(
    catalogue: Catalogue, language: str, relative: bool
) -> None:
    """Some button in its rows leads to another screen, and one leads back, stops or erases."""
    out = {Action.BACK, Action.STOP, Action.ERASE, Action.RESTART}
    for talk in everywhere(catalogue, language, relative):
        rows = [button for row in talk.view.rows for button in row]
        onward = {
            talk.turned(talk.session, button.action, button.arg).session.step for button in rows
        }

        assert talk.actions() & out
        # While a request is on its way, the way on is what comes of it.
        assert onward - {talk.step} or talk.step in (Step.QUESTION, Step.SENDING)
        assert rows


@pytest.mark.parametrize(("language", "relative"), FORMS)
def test_every_button_that_is_shown_works(
    catalogue: Catalogue, language: str, relative: bool
) -> None:
    """No button of any screen draws the same screen with nothing changed."""
    for talk in everywhere(catalogue, language, relative):
        here = replace(talk.last, effects=())
        for button in talk.view.buttons():
            done = talk.turned(talk.session, button.action, button.arg)

            same = replace(done, effects=()) == here
            assert not same or done.effects, (talk.step.name, button.label)


@pytest.mark.parametrize(("language", "relative"), FORMS)
def test_buttons_of_a_screen_can_be_told_apart(
    catalogue: Catalogue, language: str, relative: bool
) -> None:
    """By their labels, for those who listen to a screen or type the words."""
    for talk in everywhere(catalogue, language, relative):
        found = labels(talk.view)

        assert len(found) == len(set(found)), talk.view.title
        assert all(label.strip() for label in found)


@pytest.mark.parametrize(("language", "relative"), FORMS)
def test_a_double_tap_gives_the_same_screen(
    catalogue: Catalogue, language: str, relative: bool
) -> None:
    """Every button of every screen, pressed twice."""
    for talk in everywhere(catalogue, language, relative):
        for button in talk.view.buttons():
            once = talk.turned(talk.session, button.action, button.arg)

            assert once == talk.turned(talk.session, button.action, button.arg)


@pytest.mark.parametrize("relative", [False, True])
def test_the_language_switch_keeps_step_and_answers(catalogue: Catalogue, relative: bool) -> None:
    """On every screen: to French and back nothing but the words has changed."""
    for talk in everywhere(catalogue, "en", relative):
        there = talk.copy().tap(Action.LANGUAGE, LANGUAGES["fr"])

        assert replace(talk.session, language="fr") == there.session
        assert (talk.step, "fr") == (there.view.step, there.view.language)
        assert len(talk.view.buttons()) == len(there.view.buttons())

        there.tap(Action.LANGUAGE, LANGUAGES["en"])

        assert talk.session == there.session


@pytest.mark.parametrize(("language", "relative"), FORMS)
def test_care_comes_first(catalogue: Catalogue, language: str, relative: bool) -> None:
    """Treatment questions, what rules out and every result: change no treatment for a study."""
    care = catalogue.speeches[language].say("care.first", relative)
    questions = {"treatment", "planned_treatment", "contraception", "pregnant"}
    always = {
        Step.RULED,
        Step.RESULT,
        Step.SUMMARY,
        Step.NEXT_STEPS,
        Step.CONTACT,
        Step.ELSEWHERE,
        Step.STOPPED,
        Step.INFORMATION,
    }
    seen = set()
    for talk in everywhere(catalogue, language, relative):
        on_question = talk.step in (Step.QUESTION, Step.WHY)
        wanted = talk.asked in questions if on_question else talk.step in always
        if wanted:
            seen.add(talk.asked if on_question else talk.step)

            assert care in words(talk.view), talk.view.title

    assert questions <= seen
    assert {Step.RULED, Step.RESULT} <= seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_result_says_what_it_does_not_mean(
    catalogue: Catalogue, language: str
) -> None:
    """Worth asking, points to check, no, not for now: none is a medical opinion."""
    speech = catalogue.speeches[language]
    kinds = set()
    for talk in everywhere(catalogue, language):
        if talk.step is Step.RESULT:
            kinds.add(talk.view.title)

            assert speech.say("result.means_not") in words(talk.view)
            assert any(
                speech.say(care) in words(talk.view) for care in ("result.care", "result.care.no")
            )

    assert {speech.say(f"result.{kind}.title") for kind in ("worth", "check", "no", "later")} == (
        kinds
    )


def test_nothing_is_conjured_up(catalogue: Catalogue) -> None:
    """No screen has an unfilled placeholder."""
    for language, relative in FORMS:
        for talk in everywhere(catalogue, language, relative):
            assert "{" not in words(talk.view) + "".join(labels(talk.view))


def test_every_demonstration_screen_has_its_banner(catalogue: Catalogue, live: Catalogue) -> None:
    """With the day it shows; a live service has none."""
    for talk in everywhere(catalogue):
        assert talk.view.banner
        assert "2022" in talk.view.banner
    for talk in everywhere(live):
        assert talk.view.banner is None


def test_an_answer_that_rules_out_is_met_kindly(talk: Talk) -> None:
    """What it means, and the ways: change it, other studies, go on anyway, see the result."""
    talk.questions().answer("spread", 2).answer("hormone_receptors", 1).answer("her2", 1)
    talk.answer("treatment", 5)

    assert Step.RULED is talk.step
    assert {Action.BACK, Action.ELSEWHERE, Action.GO_ON, Action.RESULT} <= talk.actions()

    changed = talk.copy().tap(Action.BACK)

    assert (Step.QUESTION, "treatment") == (changed.step, changed.asked)

    changed.answer("treatment", 1)

    assert (Step.QUESTION, "other_breast_cancer") == (changed.step, changed.asked)

    elsewhere = talk.copy().tap(Action.ELSEWHERE).tap(Action.BACK)

    assert talk.view == elsewhere.view

    onward = talk.copy().tap(Action.GO_ON)

    assert (Step.QUESTION, "other_breast_cancer") == (onward.step, onward.asked)

    speech = talk.catalogue.speeches["en"]

    assert speech.say("result.no.title") == talk.tap(Action.RESULT).view.title
    assert Action.CONTACT not in talk.actions()


def test_whoever_goes_on_anyway_is_asked_nothing_sensitive(talk: Talk) -> None:
    """And is not stopped again; the result stays a no."""
    talk.questions().answer("spread", 2).answer("hormone_receptors", 1).answer("her2", 1)
    talk.answer("treatment", 5).tap(Action.GO_ON)
    asked = []
    while talk.step is Step.QUESTION:
        asked.append(talk.asked)
        talk.tap(Action.ANSWER, STRAIGHT[talk.asked])

    assert Step.RECAP is talk.step
    assert not {"could_become_pregnant", "health", "legal"} & set(asked)
    assert talk.catalogue.speeches["en"].say("result.no.title") == (
        talk.tap(Action.RESULT).view.title
    )


def test_a_fragile_no_shows_where_to_look(talk: Talk) -> None:
    """Which line of which report, and the way to change the answer or ask anyway."""
    talk.questions().answer("spread", 2).answer("hormone_receptors", 3)
    speech = talk.catalogue.speeches["en"]

    assert Step.RULED is talk.step
    assert speech.say("ruled.fragile") in words(talk.view)
    assert speech.say("question.hormone_receptors.where") in words(talk.view)

    talk.tap(Action.RESULT)

    assert speech.say("ruled.fragile") in words(talk.view)
    assert speech.say("question.hormone_receptors.where") in words(talk.view)
    assert Step.REGIONS is talk.tap(Action.CONTACT).step


def test_a_second_reason_ends_the_doubt(talk: Talk) -> None:
    """With another failing criterion the fragile fact is not alone, and no centre is offered."""
    talk.questions().answer("spread", 2).answer("hormone_receptors", 3).tap(Action.GO_ON)
    talk.answer("her2", 1).answer("treatment", 5)
    talk.answered().tap(Action.RESULT)

    assert talk.catalogue.speeches["en"].say("ruled.fragile") not in words(talk.view)
    assert Action.CONTACT not in talk.actions()
    assert Step.RESULT is talk.force(Action.CONTACT).step


def test_a_no_for_now_says_so_and_may_still_ask(talk: Talk) -> None:
    """A pregnancy passes."""
    talk.questions().answered(could_become_pregnant=2, pregnant=2)
    speech = talk.catalogue.speeches["en"]

    assert Step.RULED is talk.step
    assert speech.say("ruled.temporary") in words(talk.view)

    talk.tap(Action.RESULT)

    assert speech.say("result.later.title") == talk.view.title
    assert Action.CONTACT in talk.actions()


def test_all_not_sure_ends_at_points_to_check(talk: Talk) -> None:
    """Nobody is turned away for not knowing: points to ask about, and the way to a centre."""
    talk.questions()
    while talk.step is Step.QUESTION:
        talk.tap(Action.ANSWER, NOT_SURE)
    talk.tap(Action.RESULT)

    assert talk.catalogue.speeches["en"].say("result.check.title") == talk.view.title
    assert {Action.CONTACT, Action.POINTS, Action.SUMMARY} <= talk.actions()


def test_every_open_point_is_told_in_full_somewhere(talk: Talk) -> None:
    """Many points go page by page, each with what to ask; none is lost between the pages."""
    talk.questions()
    while talk.step is Step.QUESTION:
        talk.tap(Action.ANSWER, UNSURE[talk.asked])
    talk.tap(Action.RESULT)
    found = assess(talk.catalogue.trials[1], talk.catalogue.bank, talk.session.answers)
    named = [
        talk.catalogue.speeches["en"].say(f"trial.NCT03870919.{outcome.criterion.id}.plain")
        for outcome in found.open
    ]
    told_in_full = []
    talk.tap(Action.POINTS)
    while True:
        items = [block for block in talk.view.blocks if block.kind is BlockKind.ITEM]
        told_in_full += [item.text for item in items]

        assert all(item.detail for item in items)

        if Action.POINTS not in talk.actions():
            break
        talk.tap(Action.POINTS, talk.session.focus + 1)

    assert len(told_in_full) == len(set(told_in_full)) > 10
    assert named == told_in_full
    assert Step.RESULT is talk.tap(Action.BACK).step


def test_preferring_not_to_say_is_respected(talk: Talk) -> None:
    """The result says that a private point often matters, without naming what she kept back."""
    talk.result(health=PREFER_NOT)
    speech = talk.catalogue.speeches["en"]

    assert speech.say("result.check.title") == talk.view.title
    assert speech.say("result.private") in words(talk.view)
    assert speech.say("result.private") not in words(Talk(talk.catalogue).result(her2=4).view)


def test_back_leads_to_the_first_question_and_to_the_welcome(talk: Talk) -> None:
    """From the recap, one question at a time, keeping every answer."""
    talk.questions().answered()
    answers = talk.session.answers
    seen = []
    talk.tap(Action.BACK)
    while talk.step is Step.QUESTION:
        seen.append(talk.asked)
        talk.tap(Action.BACK)

    assert list(reversed(STRAIGHT)) == seen
    assert (Step.WHOM, answers) == (talk.step, talk.session.answers)
    assert Step.WELCOME is talk.tap(Action.BACK).step

    talk.tap(Action.START).tap(Action.WHOM, Whom.SELF)

    assert (Step.RECAP, answers) == (talk.step, talk.session.answers)


@pytest.mark.parametrize("number", [1, 2, 6])
def test_back_leads_to_what_was_just_answered(talk: Talk, number: int) -> None:
    """Whatever the first answer was, also "I don't know"."""
    talk.questions().answer("spread", number).tap(Action.BACK)

    assert (Step.QUESTION, "spread") == (talk.step, talk.asked)


def test_the_recap_shows_every_answer_and_the_way_to_change_it(talk: Talk) -> None:
    """In words, in the order asked; each number on a button is its place in the list."""
    talk.questions()
    given_to = []
    while talk.step is Step.QUESTION:
        given_to.append(talk.asked)
        talk.tap(Action.ANSWER, UNSURE[talk.asked])
    speech = talk.catalogue.speeches["en"]
    shown = [block for block in talk.view.blocks if block.kind is BlockKind.ANSWER]
    changes = [b for b in talk.view.buttons() if b.action is Action.CHANGE]

    assert {speech.say(f"question.{name}.label") for name in given_to} == {
        block.text for block in shown
    }
    assert {speech.say("answer.not_sure")} == {block.detail for block in shown}
    assert len(given_to) == len(shown) == len(changes)
    assert all(
        button.label.startswith(f"{place}.") and block.text in button.label
        for place, (button, block) in enumerate(zip(changes, shown, strict=True), 1)
    )


def test_every_answer_can_be_changed_from_the_recap(talk: Talk) -> None:
    """And leads back to the recap, with the new answer and all the others."""
    talk.questions().answered()
    before = talk.session.answers
    for button in [b for b in talk.view.buttons() if b.action is Action.CHANGE]:
        changing = talk.copy().tap(Action.CHANGE, button.arg)

        assert (Step.QUESTION, button.arg) == (changing.step, changing.session.focus)

        changing.tap(Action.ANSWER, NOT_SURE)
        changed = talk.catalogue.bank.by_key[button.arg].slots
        after = changing.session.answers

        assert any(before[slot] != after[slot] for slot in changed)
        assert before.without(changed) == after.without(changed)


def opened(talk: Talk) -> Talk:
    """At the recap, with an earlier DCIS told behind its gate."""
    return talk.questions().answered(other_breast_cancer=2, earlier_kind=1)


def test_changing_an_answer_drops_what_hung_on_it(talk: Talk) -> None:
    """An answer whose question is no longer asked does not count in silence."""
    opened(talk).tap(Action.CHANGE, 6).tap(Action.ANSWER, 1)

    assert 0 == talk.session.answers[7]
    assert Step.RECAP is talk.step


def test_what_is_dropped_is_said_on_the_recap(talk: Talk) -> None:
    """The screen after the change names the answers that no longer count."""
    opened(talk).tap(Action.CHANGE, 6).tap(Action.ANSWER, 1)
    label = talk.catalogue.speeches["en"].say("question.earlier_kind.label")

    assert Step.RECAP is talk.step
    assert talk.view.notice
    assert label in talk.view.notice


def test_what_is_dropped_is_said_on_the_next_question(talk: Talk) -> None:
    """Halfway through as well; and the notice is gone with the next tap."""
    talk.questions().answer("spread", 2).answer("hormone_receptors", 1).answer("her2", 1)
    talk.answer("treatment", 1).answer("other_breast_cancer", 2).answer("earlier_kind", 1)
    talk.tap(Action.BACK).tap(Action.BACK).answer("other_breast_cancer", 1)
    label = talk.catalogue.speeches["en"].say("question.earlier_kind.label")

    assert (Step.QUESTION, "person") == (talk.step, talk.asked)
    assert talk.view.notice
    assert label in talk.view.notice
    assert talk.tap(Action.ANSWER, 1).view.notice is None


def test_what_is_dropped_is_said_when_the_new_answer_rules_out(talk: Talk) -> None:
    """On the screen about that answer."""
    talk.questions().answered(spread=1, bone_rays=1, bone_type=1)
    talk.tap(Action.CHANGE, 1).tap(Action.ANSWER, 4)
    label = talk.catalogue.speeches["en"].say("question.bone_rays.label")

    assert Step.RULED is talk.step
    assert talk.view.notice
    assert label in talk.view.notice


def test_a_change_that_drops_nothing_says_nothing(talk: Talk) -> None:
    """A notice that is always there would not be read."""
    opened(talk).tap(Action.CHANGE, 4).tap(Action.ANSWER, 2)

    assert Step.RECAP is talk.step
    assert talk.view.notice is None


def test_clearing_starts_over_with_the_questions(talk: Talk) -> None:
    """All answers go; language, for whom and the conversation stay."""
    talk.questions().answered()
    tag = talk.session.tag
    talk.tap(Action.CLEAR)

    assert (Step.QUESTION, "spread") == (talk.step, talk.asked)
    assert Answers() == talk.session.answers
    assert (Whom.SELF, tag) == (talk.session.whom, talk.session.tag)


def test_an_unfinished_recap_leads_on(talk: Talk) -> None:
    """From a result seen early, the way to the next question is on the recap."""
    talk.questions().answer("spread", 4).tap(Action.RESULT).tap(Action.BACK)

    assert Step.RECAP is talk.step

    talk.tap(Action.GO_ON)

    assert (Step.QUESTION, "hormone_receptors") == (talk.step, talk.asked)


def test_explanations_lead_back_to_their_question(talk: Talk) -> None:
    """Why, and where to find it, also one after the other and by way of urgent help."""
    talk.questions().answer("spread", 2)
    here = talk.view
    for way in ((Action.WHY,), (Action.WHERE,), (Action.WHY, Action.WHERE)):
        aside = talk.copy()
        for action in way:
            aside.tap(action)

        assert here == aside.copy().tap(Action.BACK).view
        assert here == aside.tap(Action.URGENT).tap(Action.BACK).view


@pytest.mark.parametrize("language", LANGUAGES)
def test_side_steps_lead_back_to_where_she_was(catalogue: Catalogue, language: str) -> None:
    """From every main screen, through every side step, to the same screen."""
    sides = (Action.PRIVACY, Action.ABOUT, Action.STOP, Action.URGENT, Action.ERASE)
    for talk in everywhere(catalogue, language):
        if talk.step in SIDE_STEPS or talk.step in (Step.WHY, Step.WHERE):
            continue
        aside = talk.copy()
        for action in sides:
            aside.force(action)

            assert talk.last.view == aside.copy().tap(Action.BACK).view

        assert talk.last.view == aside.tap(Action.BACK).view


def test_stopping_keeps_the_way_back_open(talk: Talk) -> None:
    """*Stop* is no loss: *go on* leads to the same question with the same answers."""
    talk.questions().answer("spread", 2)
    here = talk.last

    assert Step.STOPPED is talk.tap(Action.STOP).step
    assert here.view == talk.tap(Action.BACK).view


def test_erasing_leaves_nothing(talk: Talk) -> None:
    """Asked once, then gone: answers, for whom, tag; the channel is told to forget as well."""
    talk.result()
    tag = talk.session.tag
    asked = talk.tap(Action.ERASE).last.effects
    done = talk.tap(Action.ERASE_NOW).last.effects

    assert ((), (Effect.ERASE,)) == (asked, done)
    assert Step.ERASED is talk.step
    assert Answers() == talk.session.answers
    assert Whom.UNSAID is talk.session.whom
    assert tag != talk.session.tag
    assert Action.ERASE not in talk.actions()
    assert Step.WELCOME is talk.tap(Action.RESTART).step
    assert "en" == talk.view.language


def test_a_relative_who_has_not_asked_gets_information_only(talk: Talk) -> None:
    """The study, its centres, next steps and other studies, and no question about anybody."""
    talk.tap(Action.START).tap(Action.WHOM, Whom.RELATIVE).tap(Action.AGREED, 0)

    assert Step.INFORMATION is talk.step
    assert Action.ANSWER not in talk.actions()

    centre = talk.tap(Action.CONTACT).tap(Action.REGION, 11).tap(Action.CENTRE, 1).last.view

    assert Step.CONTACT is centre.step
    for step in (Step.CENTRES, Step.REGIONS, Step.INFORMATION, Step.AGREEMENT, Step.WHOM):
        assert step is talk.tap(Action.BACK).step


def test_a_relative_with_agreement_reads_of_somebody_else(catalogue: Catalogue) -> None:
    """Each sentence about the patient has a second form, in both languages."""
    for language, speech in catalogue.speeches.items():
        talk = Talk(catalogue, language).tap(Action.START).tap(Action.WHOM, Whom.RELATIVE)
        talk.tap(Action.AGREED, 1)

        assert speech.say("question.spread.text", relative=True).startswith(talk.view.title)
        assert not speech.say("question.spread.text").startswith(talk.view.title)

        talk.answered().tap(Action.RESULT)

        assert speech.say("result.worth", relative=True) in words(talk.view)


def test_contact_details_are_complete(talk: Talk) -> None:
    """Phone, e-mail with a ready message that says nothing of her answers, script, code to scan."""
    talk.result(her2=2).tap(Action.CONTACT).tap(Action.REGION, 11).tap(Action.CENTRE, 1)
    hrefs = [block.href for block in talk.view.blocks if block.href]
    mail = next(href for href in hrefs if href.startswith("mailto:"))
    kinds = [block.kind for block in talk.view.blocks]

    assert "tel:+33199001234" in hrefs
    assert mail.startswith("mailto:palatine.villejuif@example.org?subject=")
    assert " " not in mail
    assert "HER2" not in mail
    assert 2 == kinds.count(BlockKind.COPY)
    assert talk.catalogue.trials[1].registry == hrefs[-1]
    assert talk.catalogue.speeches["en"].say("contact.sample") in words(talk.view)
    assert talk.view.printable


def test_the_summary_has_every_answer(talk: Talk) -> None:
    """For the oncologist: answers in words, the result, the day, ready to print."""
    talk.result(her2=4).tap(Action.SUMMARY)
    speech = talk.catalogue.speeches["en"]
    answers = [block for block in talk.view.blocks if block.kind is BlockKind.ANSWER]
    shown = {block.text: block.detail for block in answers}

    assert talk.view.printable
    assert len(STRAIGHT) == len(shown)
    assert speech.say("question.her2.choice.4") == shown[speech.say("question.her2.label")]
    assert speech.date(DEMONSTRATION_DAY) in words(talk.view)
    assert "NCT03870919" in words(talk.view)


def test_the_progress_line_counts(talk: Talk) -> None:
    """One question after the other; the total is that of the way ahead."""
    speech = talk.catalogue.speeches["en"]
    talk.questions()
    trial, bank = talk.catalogue.trials[1], talk.catalogue.bank
    for number, (identity, choice) in enumerate(STRAIGHT.items(), 1):
        total = len(path(trial, bank, talk.session.answers))

        assert total in (13, 14)
        assert talk.view.progress == speech.say("question.progress", number=number, total=total)

        talk.answer(identity, choice)

    assert talk.view.progress is None


def test_a_carrier_is_named(catalogue: Catalogue) -> None:
    """Where a company's chat carries the conversation, welcome and privacy say who can read it."""
    carried = Talk(replace(catalogue, carrier=Carrier("Teleglyph", "https://example.org")))

    assert "Teleglyph" in words(carried.view)
    assert "Teleglyph" in words(carried.tap(Action.PRIVACY).view)
    assert "Teleglyph" not in words(Talk(catalogue).view)


def test_an_operator_is_named(live: Catalogue) -> None:
    """Who answers for the service, on the welcome and the privacy screen."""
    run = replace(live, operator=Operator("Hospital X", "01 99 00 00 00", "dpo@example.org"))
    talk = Talk(run)

    assert "Hospital X" in words(talk.view)
    assert "01 99 00 00 00" in words(talk.view)
    assert "dpo@example.org" in words(talk.tap(Action.PRIVACY).view)


@pytest.mark.parametrize("today", [CLOSED_DAY, PAUSED_DAY, STALE_DAY])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trial_that_takes_nobody_has_no_way_to_a_centre(
    live: Catalogue, catalogue: Catalogue, today: date, language: str
) -> None:
    """Closed, paused or unchecked: every step of the way leads to the welcome, which says so."""
    seen = set()
    reached = replace(live, reach=catalogue.reach)
    for talk in everywhere(reached, language, relative=True):
        late = Talk(reached, language, today, talk.session)
        seen.add(talk.step)
        if talk.step in ROUTE:
            assert Step.WELCOME is late.step, talk.step.name
        ways = {Action.START, Action.CONTACT, Action.REGION, Action.CENTRE}
        assert not (ways | {Action.ASK, Action.AGAIN}) & late.actions()
        if late.step is Step.WELCOME:
            assert Action.ELSEWHERE is late.view.rows[0][0].action
            assert Step.ELSEWHERE is late.tap(Action.ELSEWHERE).step
            assert late.view.title == live.speeches[language].say(
                "elsewhere.none.title", talk.session.relative
            )
            assert Step.WELCOME is late.tap(Action.BACK).step

    # The lists are of a service that knows several studies.
    assert ROUTE - {Step.MATCHES, Step.UNFIT, Step.STUDIES} <= seen


@pytest.mark.parametrize(
    ("today", "openness"),
    [
        (DEMONSTRATION_DAY, "open"),
        (CLOSED_DAY, "closed"),
        (PAUSED_DAY, "paused"),
        (STALE_DAY, "stale"),
    ],
)
def test_the_welcome_says_whether_the_trial_is_open(
    live: Catalogue, today: date, openness: str
) -> None:
    """With the day it was last checked, before anything is asked."""
    talk = Talk(live, "en", today)
    said = {
        phrase: live.speeches["en"].say(f"status.{phrase}", day="|").split("|")[0]
        for phrase in ("open", "closed", "paused", "stale")
    }

    assert said[openness] in words(talk.view)
    assert (Action.START in talk.actions()) is (openness == "open")


def test_a_trial_that_closes_on_the_way_says_so(live: Catalogue) -> None:
    """The next tap leads to the welcome; a side step does not lead around it."""
    talk = Talk(live, "en", date(2022, 10, 21)).questions().answer("spread", 2)
    aside = talk.copy().tap(Action.PRIVACY)
    late = Talk(live, "en", STALE_DAY, talk.session)
    returned = Talk(live, "en", STALE_DAY, aside.session)

    assert Step.WELCOME is late.step
    assert (Step.PRIVACY, Step.WELCOME) == (returned.step, returned.tap(Action.BACK).step)


def test_what_cannot_be_opened_leads_to_a_fresh_start(catalogue: Catalogue) -> None:
    """One friendly screen, with urgent help and the way to start again."""
    for language, speech in catalogue.speeches.items():
        done = expired(Session(language=language), DEMONSTRATION_DAY, catalogue)
        actions = {button.action for button in done.view.buttons()}

        assert speech.say("expired.title") == done.view.title
        assert {Action.RESTART, Action.URGENT} <= actions


def test_a_trial_that_is_gone_leads_to_the_welcome(catalogue: Catalogue) -> None:
    """A button for a trial that was withdrawn opens the service as it is now."""
    talk = Talk(catalogue, session=Session(language="en", step=Step.RESULT, trial=77))

    assert (Step.WELCOME, 1) == (talk.step, talk.session.trial)
    assert "en" == talk.view.language


def test_the_first_trial_may_be_gone(catalogue: Catalogue, live: Catalogue) -> None:
    """Number 1 is a trial like any other: withdrawn, its buttons lead to what is there."""
    moved = replace(live.trials[1], number=2)
    later = replace(catalogue, trials={2: moved}, index=Index(catalogue.bank, [moved]))
    talk = Talk(later, session=Session(language="en", step=Step.RESULT, trial=1))

    assert (Step.WELCOME, 2) == (talk.step, talk.session.trial)


def test_a_question_that_was_retired_is_no_dead_end(talk: Talk) -> None:
    """A button of an older release whose question is gone: the screen shown can be answered."""
    session = Session(language="en", step=Step.QUESTION, focus=60, whom=Whom.SELF)
    late = Talk(talk.catalogue, session=session)
    after = late.copy().tap(Action.ANSWER, 2)

    assert late.view != after.view
    assert Step.QUESTION is after.step


def test_an_answer_of_an_older_release_breaks_nothing(talk: Talk) -> None:
    """Codes whose values were retired are shown nowhere, and every screen still draws."""
    old = told(talk.catalogue.bank, her2="low").replaced({1: 5, 9: 5, 10: 5})
    for step in Step:
        session = Session(language="en", step=step, focus=1, answers=old)

        assert Talk(talk.catalogue, session=session).view.buttons()
