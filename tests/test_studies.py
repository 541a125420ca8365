"""From one study to all of them and back."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.studies import all_studies, grounded, listed
from dialogs.conversation.view import BlockKind, View
from dialogs.eligibility.criteria import Trial
from tests.builders import CLOSED_DAY, Talk
from tests.people import Person, reply

#: Open in the demonstration, and closed.
OPEN, CLOSED = {"PALATINE", "pionERA", "INAVO122"}, {"persevERA", "SERENA-4", "INAVO121"}
ALL = Session(language="en", trial=0, matching=True, tag=5)
#: De novo, untreated, hormone-sensitive, HER2 negative: PALATINE, and no other one.
DE_NOVO = {
    "spread": "at_diagnosis", "spread_sites": "elsewhere", "hormone_receptors": "from_10",
    "her2": "negative", "treatment": "none", "other_breast_cancer": "none", "sex": "woman",
    "age": "from_18", "activity": "as_before", "planned_treatment": "undecided",
    "other_cancer": "no", "study_drug": "no", "local_treatment_ruled_out": "no",
    "visits": "possible", "tablets": "willing", "social_security": "covered",
    "could_become_pregnant": "no", "infection": "no", "hiv": "no", "hepatitis": "no",
    "legal_protection": "none", "detention": "no", "consent_capacity": "able",
    "pik3ca": "not_mutated", "brain": "no", "illness": "none", "diabetes": "no",
    "ovarian_rest": "not_needed", "biopsy": "breast",
}  # fmt: skip
#: Nothing that is open fits: it came back years after the tablets, and HER2 is negative.
NOBODY = DE_NOVO | {
    "spread": "later", "adjuvant_hormones": "from_24", "relapse_moment": "after_12",
}  # fmt: skip


def somebody(many: Catalogue, facts: dict[str, str]) -> Person:
    """The codes of these facts by slot."""
    return {many.bank.facts[f].slot: many.bank.facts[f].values[value] for f, value in facts.items()}


def answered(talk: Talk, facts: dict[str, str]) -> Talk:
    """All questions from here on, as somebody answers of whom these facts are true."""
    bank, person = talk.catalogue.bank, somebody(talk.catalogue, facts)
    for _ in bank.questions:
        if talk.step is not Step.QUESTION:
            return talk
        talk.tap(Action.ANSWER, reply(bank.by_key[talk.session.focus], person))
    raise AssertionError("more questions than there are")


def results(many: Catalogue, facts: dict[str, str], language: str = "en") -> Talk:
    """The list of results of somebody."""
    talk = Talk(many, session=replace(ALL, language=language)).questions()
    return answered(talk, facts).tap(Action.RESULT)


def said(view: View) -> str:
    """All words of the screen."""
    parts = [view.title, view.notice, view.progress]
    parts += [part for block in view.blocks for part in (block.text, block.detail)]
    return "\n".join(part for part in parts if part)


def names(talk: Talk, action: Action = Action.PICK) -> list[str]:
    """The studies that the screen has a button for."""
    return [one.label for one in talk.view.buttons() if one.action is action and one.trial]


def test_a_link_without_a_study_is_about_all(many: Catalogue) -> None:
    """The welcome counts what is open and closed, and names no study."""
    talk = Talk(many, session=ALL)

    assert "Studies open to new patients here: 3. Not open: 5." in said(talk.view)
    assert "PALATINE" not in said(talk.view)
    assert {Action.START, Action.STUDIES} <= talk.actions()


def test_the_results_are_a_list(many: Catalogue) -> None:
    """What fits stands first with its reasons and day, what does not is folded, closed is apart."""
    talk = results(many, DE_NOVO)

    assert Step.MATCHES is talk.step
    assert ["PALATINE"] == names(talk)
    assert "Worth asking about" in said(talk.view)
    assert "checked on 7 October 2022" in said(talk.view)
    assert {"Do not match (2)", "Not open (5)"} <= {b.label for b in talk.view.buttons()}
    assert not any(name in said(talk.view) for name in {"pionERA", "INAVO122", *CLOSED})

    unfit = talk.copy().tap(Action.UNFIT)

    assert {"pionERA", "INAVO122"} == set(names(unfit))
    assert "This study is for cancer that is HER2 positive." in said(unfit.view)
    assert Step.MATCHES is unfit.tap(Action.BACK).step


def test_points_to_check_are_named(many: Catalogue) -> None:
    """A study with open points tells the first ones, and the whole list on its own screen."""
    talk = results(many, DE_NOVO | {"social_security": "other_scheme"})

    # She says "one or more" of the daily points: three criteria are open.
    assert "Some points to check" in said(talk.view)
    assert "To check: " in said(talk.view)
    assert "And 1 more." in said(talk.view)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_open_is_a_full_answer(many: Catalogue, language: str) -> None:
    """What it means, what to do, whom to ask; what does not fit is one tap away."""
    talk = results(many, NOBODY, language)
    speech = many.speeches[language]

    assert talk.view.title == speech.say("matches.none.title")
    assert [] == names(talk)
    links = [block for block in talk.view.blocks if block.kind is BlockKind.LINK]
    assert len(many.doors) == len(links)
    assert speech.say("elsewhere.oncologist") in said(talk.view)
    assert speech.say("care.first") in said(talk.view)
    assert OPEN == set(names(talk.tap(Action.UNFIT)))


def test_each_answer_narrows(many: Catalogue) -> None:
    """The progress line counts questions, and the studies that are still possible."""
    talk = Talk(many, session=ALL).questions()
    lines = []
    while talk.step is Step.QUESTION:
        lines.append(talk.view.progress or "")
        question = many.bank.by_key[talk.session.focus]
        talk.tap(Action.ANSWER, reply(question, somebody(many, DE_NOVO)))
    left = [int(line.rpartition(" ")[2]) for line in lines]

    assert [f"Question {n}. Studies still possible: {m}" for n, m in enumerate(left, 1)] == lines
    assert (3, 1) == (left[0], left[-1])
    assert left == sorted(left, reverse=True)


def test_a_study_of_the_list_is_looked_at_and_left(many: Catalogue) -> None:
    """Its result has its centres and its own day; back are all results, and no answer is lost."""
    talk = results(many, DE_NOVO)
    answers = talk.session.answers
    talk.pick(1)

    assert (Step.RESULT, 1, True) == (talk.step, talk.session.trial, talk.session.matching)
    assert {Action.CONTACT, Action.SUMMARY, Action.NEXT_STEPS} <= talk.actions()

    centre = talk.copy().tap(Action.CONTACT)

    assert Step.RESULT is centre.tap(Action.BACK).step

    talk.tap(Action.BACK)

    assert (Step.MATCHES, 0) == (talk.step, talk.session.trial)
    assert answers == talk.session.answers


def test_other_studies_ask_only_what_is_missing(many: Catalogue) -> None:
    """From the result of one study: its answers count, and a line says so."""
    alone = Talk(many, session=Session(language="en", trial=1, tag=5)).questions()
    answered(alone, DE_NOVO | {"her2": "positive"})
    while alone.step is not Step.RESULT:
        alone.tap(Action.GO_ON if alone.step is Step.RULED else Action.RESULT)
        answered(alone, DE_NOVO | {"her2": "positive"})
    known = {q.id for q in many.bank.questions.values() if q.answered(alone.session.answers.state)}
    alone.tap(Action.OTHERS)

    assert (Step.QUESTION, 0, True) == (alone.step, alone.session.trial, alone.session.matching)
    assert alone.view.notice == many.speeches["en"].say("notice.others")
    asked: set[str] = set()
    while Action.ANSWER in alone.actions():
        asked.add(alone.asked)
        question = many.bank.by_key[alone.session.focus]
        person = somebody(many, DE_NOVO | {"pik3ca": "mutated"})
        alone.tap(Action.ANSWER, reply(question, person))

    assert asked
    assert not asked & known
    assert ["INAVO122"] == names(alone.tap(Action.RESULT))


def test_a_closed_study_shows_the_others(many: Catalogue) -> None:
    """A link to a study that is closed leads to those that are open, in one tap."""
    talk = Talk(many, session=Session(language="en", trial=4))

    assert "takes no new patients any more" in said(talk.view)
    assert Action.START not in talk.actions()

    talk.tap(Action.OTHERS)

    assert (Step.WELCOME, 0) == (talk.step, talk.session.trial)
    assert Action.START in talk.actions()


def test_all_closed_asks_nothing(everything: Catalogue) -> None:
    """Live, on a day when nothing is open: no question, and where to look instead."""
    talk = Talk(everything, session=ALL, today=CLOSED_DAY)

    assert "None of them takes new patients today." in said(talk.view)
    assert Action.START not in talk.actions()
    assert Action.OTHERS not in talk.actions()
    assert Step.ELSEWHERE is talk.copy().tap(Action.ELSEWHERE).step
    late = Talk(everything, session=replace(ALL, step=Step.QUESTION, focus=1), today=CLOSED_DAY)
    assert Step.WELCOME is late.step


def test_every_study_is_told_with_its_day(many: Catalogue) -> None:
    """Open ones first, closed ones apart, page by page, and back to where it was opened."""
    talk = Talk(many, session=ALL).tap(Action.STUDIES)
    pages = [said(talk.view)]
    while any(b.action is Action.STUDIES for b in talk.view.buttons()):
        talk.tap(Action.STUDIES, len(pages))
        pages.append(said(talk.view))
    text = "\n".join(pages)

    assert 2 == len(pages)
    assert all(text.count(f"{trial.name}: ") == 1 for trial in many.trials.values())
    assert max(text.index(f"{name}: ") for name in OPEN) < min(
        text.index(f"{name}: ") for name in CLOSED
    )
    assert "completed" not in text
    assert Step.WELCOME is talk.tap(Action.BACK).step


def test_the_list_of_studies_leads_back_to_the_results(many: Catalogue) -> None:
    """Opened from the results, it leads back to them."""
    assert Step.MATCHES is results(many, DE_NOVO).tap(Action.STUDIES).tap(Action.BACK).step


def test_a_relative_without_a_yes_reads_about_studies(many: Catalogue) -> None:
    """No question is asked; each open study has its page with centres, and one way back."""
    talk = Talk(many, session=ALL).tap(Action.START).tap(Action.WHOM, Whom.RELATIVE)
    talk.tap(Action.AGREED, 0)

    assert Step.INFORMATION is talk.step
    assert OPEN == set(names(talk, Action.SHOW))

    talk.pick(3, Action.SHOW)

    assert ("INAVO122", 3) == (talk.view.title, talk.session.trial)
    assert {Action.ABOUT, Action.CONTACT} <= talk.actions()
    assert (Step.INFORMATION, 0) == (talk.tap(Action.BACK).step, talk.session.trial)
    assert Step.INFORMATION is talk.tap(Action.STUDIES).tap(Action.BACK).step


def test_back_leads_through_the_questions_as_they_were_asked(many: Catalogue) -> None:
    """One by one, to *who is this for*; the answers stay."""
    talk = Talk(many, session=ALL).questions()
    asked = []
    for _ in range(6):
        asked.append(talk.asked)
        question = many.bank.by_key[talk.session.focus]
        talk.tap(Action.ANSWER, reply(question, somebody(many, DE_NOVO)))
    before = []
    talk.tap(Action.BACK)
    while talk.step is Step.QUESTION:
        before.append(talk.asked)
        talk.tap(Action.BACK)

    assert before == asked[::-1]
    assert Step.WHOM is talk.step


def test_an_answer_is_changed_from_the_recap(many: Catalogue) -> None:
    """The list follows: with HER2 positive another study fits."""
    talk = results(many, DE_NOVO | {"pik3ca": "mutated"}).tap(Action.BACK)
    talk.tap(Action.CHANGE, many.bank.facts["her2"].slot).answer("her2", 3)
    answered(talk, DE_NOVO | {"pik3ca": "mutated"}).tap(Action.RESULT)

    assert ["INAVO122"] == names(talk)


def test_a_new_conversation_is_about_all_again(many: Catalogue) -> None:
    """Erasing from the page of one study leads to the welcome of all of them."""
    talk = results(many, DE_NOVO).pick(1).tap(Action.ERASE).tap(Action.ERASE_NOW)
    talk.tap(Action.RESTART)

    assert (Step.WELCOME, 0) == (talk.step, talk.session.trial)
    assert not talk.session.answers


@pytest.mark.parametrize(
    ("session", "trial", "step"),
    [
        (Session(trial=77, step=Step.RESULT), 0, Step.WELCOME),
        (Session(trial=77, matching=True, step=Step.RECAP), 0, Step.RECAP),
        (Session(trial=77, matching=True, step=Step.CONTACT), 0, Step.WELCOME),
        (Session(trial=0, step=Step.QUESTION), 0, Step.QUESTION),
        (Session(trial=0, step=Step.RULED), 0, Step.WELCOME),
        (Session(trial=0, step=Step.PRIVACY, origin=Step.RESULT), 0, Step.WELCOME),
        (Session(trial=2, step=Step.RESULT), 2, Step.RESULT),
    ],
)
def test_a_session_of_another_release_is_grounded(
    many: Catalogue, session: Session, trial: int, step: Step
) -> None:
    """A study that is gone, or none where one is needed, begins anew; the rest goes on."""
    found = grounded(session, many)

    assert (trial, step) == (found.trial, found.step)
    assert found.matching is (trial == 0)


def test_one_study_alone_knows_no_lists(catalogue: Catalogue) -> None:
    """A button of a service that had several begins anew with the one that is left."""
    found = grounded(replace(ALL, step=Step.MATCHES), catalogue)

    assert (1, False, Step.WELCOME) == (found.trial, found.matching, found.step)


def test_a_list_is_of_all_studies(many: Catalogue) -> None:
    """Also when a study was looked at before, or stands behind a side step."""
    looked = Session(trial=2, matching=True, step=Step.MATCHES)
    aside = replace(looked, step=Step.PRIVACY, origin=Step.UNFIT)

    assert 0 == listed(looked, many).trial == listed(aside, many).trial
    assert 2 == listed(replace(looked, step=Step.RESULT), many).trial
    assert all_studies(ALL) is ALL


def test_a_study_is_only_brought_into_focus_where_it_is_listed(many: Catalogue) -> None:
    """A study that no file has, or a step without a list, draws the screen again."""
    talk = results(many, DE_NOVO)
    gone = talk.turned(replace(talk.session, trial=99), Action.PICK)
    welcome = Talk(many, session=ALL)

    assert Step.MATCHES is gone.view.step
    assert Step.WELCOME is welcome.turned(replace(ALL, trial=1), Action.PICK).view.step


def test_each_study_is_shown_as_on_its_own_day(many: Catalogue) -> None:
    """In the demonstration only; live there is one day for all."""
    days = {trial.name: many.status(trial, date(2026, 11, 27)).checked for trial in trials(many)}

    assert date(2022, 10, 7) == days["PALATINE"]
    assert date(2026, 1, 27) == days["pionERA"]
    live = replace(many, demonstration=False)
    assert date(2024, 9, 19) == live.status(live.trials[1], date(2026, 11, 27)).checked
    assert 0 == live.open(date(2026, 11, 27))
    assert 3 == many.open(date(2026, 11, 27)).bit_count()


def trials(many: Catalogue) -> list[Trial]:
    """All trials."""
    return list(many.trials.values())


@pytest.mark.parametrize(("number", "sex"), [(2, "man"), (6, "not_sure")])
def test_what_was_told_elsewhere_stays(many: Catalogue, number: int, sex: str) -> None:
    """Her age, told for a study open to men, is neither wiped by another answer nor asked again."""
    bank = many.bank
    talk = Talk(many, session=Session(language="en", trial=2, tag=5)).questions()
    answered(talk, DE_NOVO)
    while talk.step is not Step.RESULT:
        talk.tap(Action.GO_ON if talk.step is Step.RULED else Action.RESULT)
        answered(talk, DE_NOVO)
    age, told = bank.facts["age"], bank.facts["sex"]

    assert age.values["from_18"] == talk.session.answers[age.slot]

    talk.tap(Action.OTHERS)
    asked = []
    while Action.ANSWER in talk.actions():
        asked.append(talk.asked)
        own = reply(bank.by_key[talk.session.focus], somebody(many, DE_NOVO))
        talk.tap(Action.ANSWER, number if talk.asked == "person" else own)

    assert 1 == asked.count("person")
    assert "age" not in asked
    assert age.values["from_18"] == talk.session.answers[age.slot]
    assert told.code(sex) == talk.session.answers[told.slot]
