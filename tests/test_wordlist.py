"""The words that open what was shared."""

import math
import re

import pytest
from mnemonic import Mnemonic

from bot.authoring.wording import wording
from bot.channels.assets import ASSETS
from bot.channels.wordlist import FEWEST, SIX, UNKIND, wordlist
from dialogs.conversation.session import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_six_words_are_hard_to_guess(language: str) -> None:
    """At least 1,500 words in each language, all of them different: more than 63 bits."""
    words = wordlist(language)

    assert len(words) == len(set(words)) >= FEWEST
    assert SIX * math.log2(len(words)) > 63
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in words)
    assert list(words) == sorted(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_words_are_mixed_up(language: str) -> None:
    """Their first four letters tell them apart, as in the lists that they come from."""
    words = wordlist(language)

    assert len({word[:4] for word in words}) == len(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_frightens(language: str) -> None:
    """Neither one of those that were left out, nor one that texts may not use for its harshness."""
    told = " ".join(wordlist(language))
    hits = wording().banned_in(told, language, "result")

    assert not UNKIND[language] & set(wordlist(language))
    assert [] == [hit.words for hit in hits if hit.reason.startswith(("frightening", "war words"))]


@pytest.mark.parametrize(("language", "name"), [("fr", "french"), ("en", "english")])
def test_all_that_is_left_out_was_in(language: str, name: str) -> None:
    """A word that the list does not have would only look as if it were left out."""
    assert len(Mnemonic(name).wordlist) - len(wordlist(language)) == len(UNKIND[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_loads_the_same_words(language: str) -> None:
    """One a line, under an address that changes with them."""
    asset = ASSETS[f"words.{language}.txt"]

    assert list(wordlist(language)) == asset.content.decode().split("\n")
    assert "text/plain" == asset.kind
