"""The summary on paper: all that its screen says, in both languages, set for a doctor's eyes."""

from dataclasses import replace

import pytest

from bot.outreach.paper import summary_pdf
from dialogs.catalogue import Carrier, Catalogue
from dialogs.conversation.dialog import turn
from dialogs.conversation.session import LANGUAGES, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import BlockKind, View
from dialogs.eligibility.answers import NOT_SURE, Answers
from dialogs.wire.pack import Tap
from tests.builders import DEMONSTRATION_DAY, STRAIGHT
from tests.papers import codes, paper

NOTE = "Puis-je garder mon chien ?\n\n#set text(red) *non* $x$ [a] \\ « é » 10 %"


def summary(catalogue: Catalogue, language: str, whom: Whom = Whom.SELF, known: int = 0) -> View:
    """A summary in a chat for the file, of which the first `known` questions are answered."""
    chat = replace(catalogue, carrier=Carrier("Telegram", "https://passerelle.example.org"))
    order = catalogue.trials[1].order
    answers = Answers().replaced({f.slot: NOT_SURE for asked in order for f in asked.facts})
    for asked in order[:known]:
        changes = asked.changes(STRAIGHT.get(asked.id, NOT_SURE), answers)
        answers = answers if changes is None else answers.replaced(changes)
    session = Session(
        language, trial=1, tag=7, step=Step.SUMMARY, origin=Step.RESULT, whom=whom,
        answers=catalogue.bank.counted(answers),
    )  # fmt: skip
    return turn(session, Tap(Action.PAPER), DEMONSTRATION_DAY, chat).view


def bare(text: str) -> str:
    """Without the spaces that lines and columns come with."""
    return "".join(text.split())


@pytest.mark.parametrize("whom", [Whom.SELF, Whom.RELATIVE])
@pytest.mark.parametrize("known", [0, 40])
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_all_that_the_screen_says(
    catalogue: Catalogue, language: str, known: int, whom: Whom
) -> None:
    """Study, result, what to ask, answers, what the team checks, centres; and her own words."""
    view = summary(catalogue, language, whom, known)
    made = paper(summary_pdf(view, catalogue.speeches[language], NOTE))
    words = bare(made.words)

    for block in view.blocks:
        if block.kind not in (BlockKind.QR, BlockKind.NOTE):
            assert bare(block.text) in words
            assert bare(block.detail or "") in words
    assert bare(NOTE) in words
    assert bare(catalogue.speeches[language].say("summary.centres")) in words
    assert bare(view.banner or "") in words
    assert len(made.pages) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_usual_one_is_one_page(catalogue: Catalogue, language: str) -> None:
    """When most is known, with a note of some lines."""
    view = summary(catalogue, language, known=40)

    assert 1 == len(paper(summary_pdf(view, catalogue.speeches[language], NOTE)).pages)


def test_its_code_leads_to_the_registry(catalogue: Catalogue) -> None:
    """For a doctor who wants to know more."""
    made = paper(summary_pdf(summary(catalogue, "fr"), catalogue.speeches["fr"]))

    assert [catalogue.trials[1].registry] == codes(made.pages[0])


def test_it_tells_nothing_of_itself(catalogue: Catalogue) -> None:
    """No day, no name, no word of illness in what the file says of itself; twice it is the same."""
    view, speech = summary(catalogue, "fr"), catalogue.speeches["fr"]
    made = summary_pdf(view, speech, NOTE)

    assert {"Title": "Passerelle"} == {
        name: value for name, value in paper(made).metadata.items() if name != "Creator"
    }
    assert b"chien" not in made
    assert made == summary_pdf(view, speech, NOTE)


def test_without_notes_there_is_no_place_for_them(catalogue: Catalogue) -> None:
    """And how to use the chat is no business of a doctor's."""
    speech = catalogue.speeches["fr"]
    words = bare(paper(summary_pdf(summary(catalogue, "fr"), speech)).words)

    assert bare(speech.say("summary.notes")) not in words
    assert bare(speech.say("summary.note")) not in words


def test_a_long_run_of_signs_stays_on_the_sheet(catalogue: Catalogue) -> None:
    """An address of 300 characters is broken; the right margin of the page is empty."""
    note = "https://example.org/" + "x" * 280
    page = paper(summary_pdf(summary(catalogue, "fr"), catalogue.speeches["fr"], note)).pages[0]
    margin = page.convert("L").crop((page.width * 19 // 20, 0, page.width, page.height * 9 // 10))

    assert (255, 255) == margin.getextrema()
