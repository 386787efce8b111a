"""What spares work while texts are read changes nothing of what is read: each shortcut beside the
long way, on the texts of all collections."""

import json
import string
import unicodedata
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Expert, default_thesaurus
from matcher.analysis import Analyzer
from matcher.analysis.analyzer import _pieces
from matcher.boilerplate import cues, not_done, paragraphs
from matcher.boilerplate.cues import _CUES, Hit, _matched, _opens_clause, cue_tables, read_cues
from matcher.considerations.leading import _LEADING
from matcher.considerations.phrases import _PHRASES, find, find_in, words_of
from matcher.language import (
    feminine_forms,
    fold,
    folded_forms,
    folded_words,
    language_signs,
    tokenize,
)
from matcher.language.detection import _LATIN_SCRIPT, _languages_of_small_word
from matcher.language.tokens import _INVISIBLE, SIGN, TOKEN
from matcher.settings import DEFAULTS
from matcher.store import ProfileTable, Vocabulary, profiles_of
from matcher.thesaurus import compounds, joined
from matcher.thesaurus.compounds import KnownStems
from matcher.thesaurus.model import Theme

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
    # One that remembers nothing.
    analyzer = Analyzer(replace(default_thesaurus()))
    return [
        (passage.occurrences, passage.empty)
        for expert in experts
        for _, passage in analyzer.expert_passages(expert)
    ]


def _known(language):
    return KnownStems(default_thesaurus()._wordings.stems(language), language)


def test_words_that_are_no_compound_are_told_apart_as_by_reading_both(experts, monkeypatch):
    quick = _passages(experts)
    monkeypatch.setattr(compounds, "_are_apart", lambda *_: False)
    assert _passages(experts) == quick


@pytest.mark.parametrize("language", ["en", "uk", "bcms"])
def test_a_text_is_read_piece_by_piece_as_at_one_go(language, experts):
    thesaurus = default_thesaurus()
    known = _known(language)
    for text in [
        *_entries(experts),
        "fire arms",
        "fire  arms",
        "fire- \narms",
        "a fire \tarms fire",
    ]:
        read = thesaurus.read(text, language)
        tokens = read.placed()
        assert tokens == joined(text, tokenize(text, language), language, known)
        assert read[2:] == thesaurus.noted(tokens, language)[2:]


_PARTS = (
    "fire",
    "arms",
    "arm",
    "investi",
    "gation",
    "K",
    "9",
    "de",
    "mining",
    "the",
    "anti",
    "UNSCR1325",
)
_GAPS = (
    " ",
    "  ",
    "-",
    "- ",
    "-\n",
    "\u00ad",
    "\u00ad ",
    " \n",
    "\t",
    ", ",
    " (",
    ") ",
    "     ",
    " - ",
)


@given(st.lists(st.tuples(st.sampled_from(_PARTS), st.sampled_from(_GAPS)), max_size=8))
def test_parts_of_words_are_put_together_piece_by_piece_as_at_one_go(written):
    text = "".join(part + gap for part, gap in written)
    read = default_thesaurus().read(text, "en")
    assert read.placed() == joined(text, tokenize(text, "en"), "en", _known("en"))
    assert read[2:] == default_thesaurus().noted(read.placed(), "en")[2:]


def test_firearms_that_stand_apart_are_one_word_piece_by_piece():
    assert [t.folded for t in default_thesaurus().read("Two fire arms", "en").tokens][1:] == [
        "firearms"
    ]


@given(st.text("aiouin.)('-\u2019 \n\u00a0\u00ad", max_size=30))
def test_languages_speak_piece_by_piece_as_in_the_whole_text(text):
    having = [_languages_of_small_word(word, _LATIN_SCRIPT) for word in SIGN.findall(text)]
    for language, found in language_signs(text).items():
        slowly = sum(1 / len(languages) for languages in having if language in languages)
        assert found == pytest.approx(slowly)


@given(st.text("ab\n\r \u2028-", max_size=12))
def test_a_title_and_a_line_below_are_paragraphs_as_any(text):
    slowly = [(piece.start, piece.end) for piece in paragraphs(text, lambda _: False)]
    assert not text.strip() or "\n" not in text or _pieces(text) == slowly


def test_a_text_of_one_paragraph_is_read_as_one_of_several(experts, monkeypatch):
    quick = _passages(experts)
    pieces = Analyzer._read.__globals__["_pieces"]
    # Tuples that equal no list, so that every text goes the long way.
    monkeypatch.setitem(Analyzer._read.__globals__, "_pieces", lambda text: tuple(pieces(text)))
    assert _passages(experts) == quick


def _entries(experts):
    analyzer = Analyzer(default_thesaurus())
    return [entry.text for expert in experts for entry in analyzer.expert_entries(expert)]


def test_denials_are_found_as_by_looking_through_every_sentence(experts, monkeypatch):
    texts = [*_entries(experts), "I have not yet worked with prisons. Weapons I marked for years."]
    quick = [not_done(text) for text in texts]
    assert quick[-1]
    monkeypatch.setattr(cues.CueTable, "may_be_in", lambda *_: True)
    monkeypatch.setattr(cues.CueTable, "may_stand_in", lambda *_: True)
    assert [not_done(text) for text in texts] == quick


@pytest.mark.parametrize("kind", ["part", "years", "rank"])
def test_phrases_are_found_in_a_text_as_among_its_words(kind, experts):
    texts = [*_entries(experts), "Colonel, taught for 12 years.", "Полковник, 22 года стажа"]
    found = [find_in(text, [kind]) for text in texts]
    assert any(found)
    assert found == [find(text, words_of(text), [kind]) for text in texts]


def test_themes_are_read_once_as_in_each_profile(experts, monkeypatch):
    quick = _passages(experts)
    monkeypatch.setattr(
        Analyzer, "_claim", lambda self, text, context: self._evidence(text, text, None, context)
    )
    assert _passages(experts) == quick


@pytest.mark.thorough
def test_a_short_form_in_a_theme_is_decided_by_each_profile():
    gender = Theme("T1", "Work of the GFP", ())
    analyzer = Analyzer(replace(default_thesaurus(), themes={"T1": gender}))

    def subjects(summary):
        read = analyzer.expert_passages(Expert("e", summary=summary, themes=("T1",)))
        return set().union(
            *(passage.subjects() for entry, passage in read if entry.kind == "theme")
        )

    with_company = subjects("Gender equality in the army.")
    assert with_company
    assert subjects("Bread and boats.") == set()
    assert subjects("Gender equality in the army.") == with_company


def test_profiles_drawn_up_together_are_those_of_each_alone(experts):
    analyzer = Analyzer(default_thesaurus())
    read = [(expert, analyzer.expert_passages(expert)) for expert in experts]
    vocabulary, other = Vocabulary(DEFAULTS), Vocabulary(DEFAULTS)
    together = profiles_of(read, vocabulary)
    alone = ProfileTable.joined([profiles_of([one], other) for one in read])
    assert vocabulary.terms == other.terms
    for field in fields(ProfileTable):
        one, two = getattr(together, field.name), getattr(alone, field.name)
        if field.name == "experts":
            one, two = one.text, two.text
        assert np.array_equal(one, two), field.name


@given(st.text("aбї1'\u2019- \n\u0301\u00ad.", max_size=20), st.integers(0, 3))
def test_words_are_cut_out_where_they_would_be_found(text, start):
    found = [(*word.span(), fold(word.group())) for word in TOKEN.finditer(text[start:])]
    words = folded_words(text, start)
    assert [(word.start - start, word.end - start, word.folded) for word in words] == found
    assert folded_forms(text[start:]) == [folded for *_, folded in found]


def test_letters_that_known_words_go_on_with_are_those_of_all_of_them():
    known = compounds.KnownStems(["fire", "firearm", "fireman", "arm"], "sq")
    assert known.next_letters("fire") == {"", "a", "m"}
    assert known.next_letters("firearm") == {""}
    assert known.next_letters("water") == frozenset()


@pytest.mark.parametrize("path", [_CUES, _PHRASES, _LEADING])
def test_the_longest_word_of_a_cue_stands_wherever_the_cue_does(path):
    for cue in {cue for _, cue in read_cues(path)}:
        worded = " ".join(cue.pattern).replace("*", "ed").replace("#", "12")
        table = cues.CueTable.of([cue], latin=worded.isascii())
        if table.may_stand_in(folded_forms(worded)):
            assert table.may_be_in(f"x {worded}, x")
        # A number alone may be written as a word, which this would not find.
        assert not table.may_be_in("x 12 x")


def test_cues_are_found_as_by_trying_all_of_them(experts):
    parts = frozenset(cue.part for _, cue in read_cues(_CUES))
    for table in cue_tables(False, parts, frozenset()):
        cues = [cue for found in table.by_start.values() for cue in found]
        phrases = (" ".join(cue.pattern) for cue in cues[::60])
        written = (phrase.replace("*", "ed").replace("#", "12") for phrase in phrases)
        for text in (*written, *(expert.summary for expert in experts[:2])):
            words = folded_words(text)
            folded = [table.in_script(word.folded) for word in words]
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
