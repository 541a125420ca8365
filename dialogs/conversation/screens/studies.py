"""All studies at once: the list of results, what does not fit, and every study there is."""

from collections.abc import Iterable, Sequence

from dialogs.conversation.inquiry import following
from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.screens.contact import ways
from dialogs.conversation.screens.news import told
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Button, Style, View
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.matching import Assessment, Verdict, assess

__all__ = ["choices", "matches", "studies", "unfit"]

#: Studies on one page: with their reasons they stay below the 4,096 characters of one message.
_PAGE = 4
#: Reasons told of one study; its own screen has all of them.
_REASONS = 2
#: Studies among which a relative chooses whose person did not agree to any question.
_CHOICES = 8


def _trials(canvas: Canvas, bits: int) -> list[Trial]:
    return [canvas.catalogue.trials[n] for n in canvas.catalogue.index.numbers_in(bits)]


def _page(canvas: Canvas, found: Sequence[Trial]) -> tuple[int, Sequence[Trial], bool]:
    """The page in focus, what is on it, and whether another one follows."""
    last = max(0, (len(found) - 1) // _PAGE)
    page = min(canvas.session.focus, last)
    return page, found[page * _PAGE : (page + 1) * _PAGE], page < last


def _title(canvas: Canvas, phrase: str, page: int) -> str:
    """A title; from the second page on with the number of the page."""
    title = canvas.say(phrase)
    return f"{title} ({page + 1})" if page else title


def _item(canvas: Canvas, trial: Trial, details: Iterable[str]) -> None:
    title = canvas.say(trial.phrase("title"))
    text = canvas.say("studies.item", name=trial.name, title=title)
    canvas.add(BlockKind.ITEM, text, detail=" ".join(details))


def _status(canvas: Canvas, trial: Trial) -> str:
    status = canvas.catalogue.status(trial, canvas.today)
    day = canvas.speech.date(status.checked)
    return canvas.say(f"status.{status.openness.value}", day=day)


def _reasons(canvas: Canvas, trial: Trial, found: Assessment) -> list[str]:
    """Why a study stands where it stands, in a few sentences."""
    if found.failing:
        ids = [criterion.id for criterion in found.failing]
        part, reasons = "no", []
    else:
        ids = [outcome.criterion.id for outcome in found.open]
        part, reasons = "plain", [canvas.say("matches.to_check")] if ids else []
    reasons += [canvas.say(trial.phrase(f"{one}.{part}")) for one in ids[:_REASONS]]
    if len(ids) > _REASONS:
        reasons.append(canvas.say("result.more", count=len(ids) - _REASONS))
    if found.temporary:
        reasons.append(canvas.say("ruled.temporary"))
    return reasons


def _pick(trial: Trial, action: Action, style: Style = Style.PLAIN) -> Button:
    return Button(trial.name, action, style=style, trial=trial.number)


def choices(canvas: Canvas) -> None:
    """A button for each study open now, the first ones if there are many, and one for all."""
    for trial in _trials(canvas, canvas.catalogue.open(canvas.today))[:_CHOICES]:
        canvas.row(_pick(trial, Action.SHOW))
    canvas.row(canvas.button("button.studies", Action.STUDIES))


def matches(canvas: Canvas) -> View:
    """The studies worth asking about, then those with points to check; the others are folded."""
    catalogue, session = canvas.catalogue, canvas.session
    bank = catalogue.bank
    open_ = catalogue.open(canvas.today)
    survey = catalogue.index.survey(session.answers)
    fitting = open_ & ~survey.fails
    worth = _trials(canvas, fitting & ~survey.open)
    check = _trials(canvas, fitting & survey.open)
    page, shown, more = _page(canvas, [*worth, *check])
    canvas.text("matches.text" if shown else "matches.none")
    headed = None
    for trial in shown:
        found = assess(trial, bank, session.answers)
        if found.verdict is not headed:
            headed = found.verdict
            kind = "worth" if headed is Verdict.WORTH_ASKING else "check"
            canvas.heading(f"result.{kind}.title")
        _item(canvas, trial, [*_reasons(canvas, trial, found), _status(canvas, trial)])
        canvas.row(_pick(trial, Action.PICK, Style.PRIMARY))
    if shown:
        canvas.text("result.means_not")
        canvas.note("care.first")
    else:
        ways(canvas)
        canvas.row(*told(canvas))
    if more:
        canvas.row(canvas.button("studies.more", Action.MATCHES, page + 1))
    if open_ and following(session, catalogue, canvas.today) is not None:
        canvas.row(canvas.button("recap.next", Action.GO_ON))
    unfit_ = (open_ & survey.fails).bit_count()
    if unfit_:
        canvas.row(canvas.button("matches.unfit", Action.UNFIT, count=unfit_))
    closed = len(catalogue.trials) - open_.bit_count()
    if closed:
        canvas.row(canvas.button("matches.closed", Action.STUDIES, count=closed))
    steps = (canvas.button("button.next_steps", Action.NEXT_STEPS),) if open_ else ()
    if shown:
        canvas.row(*steps, canvas.button("welcome.elsewhere", Action.ELSEWHERE))
        canvas.row(*told(canvas), canvas.button("result.recap", Action.BACK))
    else:
        canvas.row(*steps, canvas.button("result.recap", Action.BACK))
    title = _title(canvas, "matches.title" if shown else "matches.none.title", page)
    return canvas.view(title, printable=True)


def unfit(canvas: Canvas) -> View:
    """The open studies that do not seem to fit, each with its reasons."""
    catalogue, answers = canvas.catalogue, canvas.session.answers
    survey = catalogue.index.survey(answers)
    found = _trials(canvas, catalogue.open(canvas.today) & survey.fails)
    page, shown, more = _page(canvas, found)
    canvas.text("unfit.text")
    for trial in shown:
        _item(canvas, trial, _reasons(canvas, trial, assess(trial, catalogue.bank, answers)))
        canvas.row(_pick(trial, Action.PICK))
    if more:
        canvas.row(canvas.button("studies.more", Action.UNFIT, page + 1))
    canvas.row(
        canvas.button("button.next_steps", Action.NEXT_STEPS),
        canvas.button("button.elsewhere", Action.ELSEWHERE),
    )
    canvas.back()
    return canvas.view(_title(canvas, "unfit.title", page))


def studies(canvas: Canvas) -> View:
    """Every study that this service knows, and whether it takes patients; closed ones apart."""
    catalogue = canvas.catalogue
    open_ = catalogue.open(canvas.today)
    everything = _trials(canvas, open_)
    count = len(everything)
    everything += _trials(canvas, catalogue.index.everything & ~open_)
    page, shown, more = _page(canvas, everything)
    canvas.text("studies.text")
    headed = None
    for place, trial in enumerate(shown, page * _PAGE):
        kind = "open" if place < count else "closed"
        if kind != headed:
            headed = kind
            canvas.heading(f"studies.{kind}")
        _item(canvas, trial, [_status(canvas, trial)])
        canvas.add(BlockKind.LINK, canvas.say("studies.link", name=trial.name), trial.registry)
    if more:
        canvas.row(canvas.button("studies.more", Action.STUDIES, page + 1))
    canvas.back()
    return canvas.view(_title(canvas, "studies.title", page))
