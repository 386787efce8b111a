"""What spares work while texts are read changes nothing of what is read: each shortcut beside the
long way, on the texts of all collections."""

import json
import string
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Expert, default_thesaurus
from matcher.analysis import Analyzer
from matcher.boilerplate.cues import _CUES, Hit, _matched, _opens_clause, cue_tables, read_cues
from matcher.language import feminine_forms, fold, folded_words
from matcher.language.tokens import _INVISIBLE
from matcher.thesaurus import compounds

DATA = Path(__file__).resolve().parents[2] / "data"
FOLDERS = ("demo", "collections/b", "collections/c", "collections/d", "collections/e")


@pytest.fixture(scope="module")
def experts():
    lines = [
        line
        for folder in FOLDERS
        for line in (DATA / folder / "experts.jsonl").read_text("utf-8").splitlines()[:12]
    ]
    return [Expert.from_dict(json.loads(line)) for line in lines]


def _passages(experts):
    analyzer = Analyzer(default_thesaurus())
    return [
        (passage.occurrences, passage.empty)
        for expert in experts
        for _, passage in analyzer.expert_passages(expert)
    ]


def test_words_that_are_no_compound_are_told_apart_as_by_reading_both(experts, monkeypatch):
    quick = _passages(experts)
    monkeypatch.setattr(compounds, "_are_apart", lambda *_: False)
    assert _passages(experts) == quick


def test_a_text_of_one_paragraph_is_read_as_one_of_several(experts, monkeypatch):
    quick = _passages(experts)
    pieces = Analyzer._read.__globals__["_pieces"]
    # Tuples that equal no list, so that every text goes the long way.
    monkeypatch.setitem(Analyzer._read.__globals__, "_pieces", lambda text: tuple(pieces(text)))
    assert _passages(experts) == quick


def test_cues_are_found_as_by_trying_all_of_them(experts):
    parts = frozenset(cue.part for _, cue in read_cues(_CUES))
    for table in cue_tables(False, parts, frozenset()):
        cues = [cue for found in table.by_start.values() for cue in found]
        phrases = (" ".join(cue.pattern) for cue in cues[::60])
        written = (phrase.replace("*", "ed").replace("#", "12") for phrase in phrases)
        for text in (*written, *(expert.summary for expert in experts[:2])):
            words = folded_words(text)
            folded = [table.folded(word) for word in words]
            slowly = {
                Hit(cue, at, last)
                for at in range(len(words))
                for cue in cues
                if (last := _matched(cue.pattern, folded, at))
                and (not cue.opens_clause or _opens_clause(text, words[at]))
            }
            assert set(table.find(text, words)) == slowly


@given(st.text(string.printable, max_size=20))
def test_words_in_plain_letters_are_folded_as_others(word):
    slowly = _INVISIBLE.sub("", unicodedata.normalize("NFKC", word)).casefold()
    assert fold(word) == slowly


@pytest.mark.parametrize("language", ["en", "fr", "ru", "uk", "ro", "sq", "mk", "bcms"])
def test_words_without_a_feminine_ending_are_left_as_by_looking_for_one(language, experts):
    tables = feminine_forms._languages()[language]
    words = {word.folded for expert in experts for word in folded_words(expert.summary)}
    words |= {f"rad{ending}" for ending in tables.rules}
    for word in words - tables.forms.keys():
        assert tables.read(word) == tables._by_rule(word)
