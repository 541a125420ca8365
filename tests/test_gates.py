"""Every gate lets a plain message through and stops another; waivers are used or reported."""

from pathlib import Path

import pytest

from bot.authoring.gates import GATES, KINDS, Finding, Message, Waiver, check, read_waivers

HARD_FRENCH = "Prévenir docteur, voisins, cousins."
WAIVER = """[[waiver]]
id = "a"
language = "fr"
gate = "length"
reason = "a list of papers"
reader = "patient group, March 2026"
"""


def gates(kind: str, language: str, text: str) -> list[str]:
    """Return the names of the gates that stop one message."""
    return [finding.gate for finding in check([Message("a", kind, language, text)])]


def of_words(number: int) -> str:
    """Return one easy sentence of so many words."""
    return " ".join(["un"] * number) + "."


@pytest.mark.parametrize(
    ("kind", "language", "text"),
    [
        ("question", "fr", "Avez-vous déjà commencé un traitement contre ce cancer ?"),
        ("question", "fr", "Le compte rendu dit-il « HER2 négatif » ?"),
        ("question", "en", "Are you up and about for more than half of the day?"),
        ("why", "fr", "Le groupe est tiré au sort : ni vous ni le médecin ne choisissez."),
        ("notice", "fr", "Personne ne lit ce service en direct."),
        ("result", "en", "From your answers, this study does not seem to fit you."),
        ("result", "en", "In France you can call 3114, free, to talk to a health professional."),
        ("button", "fr", "Je ne sais pas"),
        ("button", "fr", "Confidentialité"),
        ("button", "en", "10 % or more"),
        ("button", "fr", "Avant le {day} ?"),
        ("heading", "fr", "Éventuellement, ne pas continuer sans votre oncologue ?"),
        ("label", "fr", "Récepteurs hormonaux"),
        ("letter", "fr", of_words(60) + " HER2."),
    ],
)
def test_plain_messages_pass(kind: str, language: str, text: str) -> None:
    """Plain messages of each kind pass all gates."""
    assert [] == gates(kind, language, text)


@pytest.mark.parametrize("kind", ["question", "why", "notice", "result"])
def test_longest_sentence(kind: str) -> None:
    """A sentence at the limit of its kind passes, one word more does not."""
    limits = KINDS[kind]
    assert limits is not None
    assert [] == gates(kind, "fr", of_words(limits.sentence))
    assert ["sentence"] == gates(kind, "fr", of_words(limits.sentence + 1))


@pytest.mark.parametrize("kind", ["question", "why", "notice", "result"])
def test_hard_words(kind: str) -> None:
    """Hard words up to the limit of a kind pass, one more does not."""
    limits = KINDS[kind]
    assert limits is not None
    hard = ["necessary", "community", "capacity", "society"]
    assert [] == gates(kind, "en", " ".join(hard[: limits.hard_words]))
    assert ["hard-words"] == gates(kind, "en", " ".join(hard[: limits.hard_words + 1]))


def test_glossary_words_are_not_hard() -> None:
    """Known and explained words do not count as hard."""
    text = "Oncologue, médicament, radiothérapie. L’immunothérapie aide vos défenses."
    assert [] == gates("question", "fr", text)


@pytest.mark.parametrize("kind", ["question", "why", "notice", "result"])
def test_length(kind: str) -> None:
    """A message at its limit of characters passes, one character more does not."""
    limits = KINDS[kind]
    assert limits is not None
    text = ("Le pain est bon. " * 50)[: limits.characters]
    others = {"sentences", "score"}
    assert set() == set(gates(kind, "fr", text)) - others
    assert {"length"} == set(gates(kind, "fr", text + ".")) - others


def test_sentences_of_a_question() -> None:
    """A question may have three sentences; other kinds may have more."""
    assert [] == gates("question", "fr", "Un. Deux. Trois.")
    assert ["sentences"] == gates("question", "fr", "Un. Deux. Trois. Quatre.")
    assert [] == gates("result", "fr", "Un. Deux. Trois. Quatre.")


@pytest.mark.parametrize("text", ["x" * 25, "un deux trois quatre cinq", "Éventuellement", "?"])
def test_buttons(text: str) -> None:
    """A button has one to four easy words and at most 24 characters."""
    assert [] == gates("button", "fr", "un deux trois quatre")
    assert [] == gates("button", "fr", "x" * 24)
    assert ["button"] == gates("button", "fr", text)


@pytest.mark.parametrize("kind", KINDS)
def test_banned_words(kind: str) -> None:
    """Banned words are found in every kind of message, letters included."""
    assert ["banned"] == gates(kind, "fr", "Un échec")
    assert [] == gates(kind, "fr", "Un échange")


@pytest.mark.parametrize("kind", ["question", "why", "notice", "result"])
def test_gloss(kind: str) -> None:
    """A technical word is explained in the message that uses it."""
    assert ["gloss"] == gates(kind, "en", "The study gives palbociclib.")
    assert [] == gates(kind, "en", "The study gives palbociclib, a tablet.")


@pytest.mark.parametrize(
    "text",
    [
        "N’avez-vous pas de fièvre ?",
        "Marchez-vous sans aide ?",
        "Marchez-vous ? Et mangez-vous ?",
        "Dit-il « rien sauf les os » ?",
    ],
)
def test_questions(text: str) -> None:
    """A negative or double question is found, and only where it is one."""
    assert ["question"] == gates("question", "fr", text)
    assert [] == gates("result", "fr", text)


def test_statements_may_be_negative() -> None:
    """Only the sentence that asks must be positive."""
    assert [] == gates("question", "fr", "Avez-vous mal ? Vous pouvez ne pas répondre.")


def test_score_in_french() -> None:
    """A French group of 100 words has a lowest score, one of 96 has none."""
    easy = [Message(f"m{i}", "result", "fr", "La santé va souvent bien.") for i in range(20)]
    assert [] == check(easy)
    hard = [Message(f"m{i}", "result", "fr", HARD_FRENCH) for i in range(25)]
    assert [("result/*", "fr", "score")] == [(f.id, f.language, f.gate) for f in check(hard)]
    assert [] == check(hard[:24])


def test_score_in_english() -> None:
    """An English group of 100 words has a highest school grade, one of 95 has none."""
    easy = [Message(f"m{i}", "question", "en", "Do you live in this big town?") for i in range(15)]
    assert [] == check(easy)
    asked = "Did doctors order tablets today?"
    hard = [Message(f"m{i}", "question", "en", asked) for i in range(20)]
    assert [("question/*", "en", "score")] == [(f.id, f.language, f.gate) for f in check(hard)]
    assert "limit at most 6" in check(hard)[0].detail
    assert [] == check(hard[:19])


@pytest.mark.parametrize("kind", ["button", "heading", "letter", "label"])
def test_short_kinds_have_no_score(kind: str) -> None:
    """Buttons, headings, letters and labels are not sentences to score."""
    hard = [Message(f"m{i}", kind, "fr", "Prévenir docteur, voisins") for i in range(50)]
    assert set() == {finding.gate for finding in check(hard)} - {"button"}


def test_score_without_technical_words() -> None:
    """Technical words leave the score, so their weight never fails a group."""
    text = "Le palbociclib est un comprimé que l’on prend le soir et non le jour."
    assert [] == check(Message(f"m{i}", "question", "fr", text) for i in range(10))


def test_findings_are_sorted_and_say_what_was_found() -> None:
    """A printed finding names message, language, gate, measure, limit and words."""
    found = check(
        [
            Message("b", "question", "en", "Is it necessary, or a society?"),
            Message("a", "button", "fr", "Éventuellement"),
            Message("a", "heading", "en", "Eligible"),
        ]
    )
    expected = [
        "a [en] banned: 'Eligible' (the service never says whether somebody may join a study)",
        "a [fr] button: hard words 1, limit 0: Éventuellement",
        "b [en] hard-words: hard words 2, limit 1: necessary, society",
    ]
    assert expected == [str(finding) for finding in found]


@pytest.mark.parametrize(("kind", "language"), [("poem", "fr"), ("why", "de")])
def test_unknown_messages(kind: str, language: str) -> None:
    """A kind or language without gates is refused, with the message's id."""
    with pytest.raises(ValueError, match="a: no gates for"):
        Message("a", kind, language, "")


def test_waivers_cover_their_gate_only() -> None:
    """A waiver silences one gate of one message in one language."""
    message = Message("a", "button", "fr", "Éligible éventuellement")
    waiver = Waiver("a", "fr", "button", "a name", "a reader")
    assert ["banned", "button"] == [finding.gate for finding in check([message])]
    assert ["banned"] == [finding.gate for finding in check([message], [waiver])]


def test_waivers_cover_a_group() -> None:
    """The score of a group is waived under the group's own name."""
    messages = [Message(f"m{i}", "why", "fr", HARD_FRENCH) for i in range(25)]
    waiver = Waiver("why/*", "fr", "score", "a list", "a reader")
    assert ["score"] == [finding.gate for finding in check(messages)]
    assert [] == check(messages, [waiver])


def test_unused_waivers_are_findings() -> None:
    """A waiver that silences nothing is a finding itself."""
    waiver = Waiver("a", "fr", "length", "a name", "a reader")
    expected = [Finding("a", "fr", "unused-waiver", "nothing to waive at gate 'length'")]
    assert expected == check([Message("a", "why", "fr", "Oui.")], [waiver])


def test_read_waivers(tmp_path: Path) -> None:
    """Waivers are read with all their fields; a file without any is fine."""
    path = tmp_path / "waivers.toml"
    path.write_text(WAIVER, encoding="utf-8")
    expected = Waiver("a", "fr", "length", "a list of papers", "patient group, March 2026")
    assert (expected,) == read_waivers(path)
    path.write_text("", encoding="utf-8")
    assert () == read_waivers(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WAIVER.replace("a list of papers", " "), "lacks reason"),
        (WAIVER.replace("patient group, March 2026", ""), "lacks reader"),
        (WAIVER.replace("id =", "name ="), "lacks id"),
        (WAIVER + 'until = "May"', "unknown"),
        (WAIVER.replace('"length"', '"unused-waiver"'), "unknown gate"),
        (WAIVER * 2, "second waiver"),
    ],
)
def test_refused_waivers(tmp_path: Path, text: str, message: str) -> None:
    """A waiver without a reason or reader, or of an unknown gate, is refused."""
    path = tmp_path / "waivers.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_waivers(path)


def test_gates_have_names() -> None:
    """Gate names are single, so that a waiver means one gate."""
    assert len(set(GATES)) == len(GATES)
