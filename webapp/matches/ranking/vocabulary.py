"""The themes and synonyms of administrators as the matcher's thesaurus has them.

Each theme with synonyms becomes a concept whose wordings they are, beside the concepts that are
shipped. The wordings also stand in the text of the theme, so that who claims it is found by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from webapp.config import DATA
from webapp.core.words.translation import Deferred, _
from webapp.matches.ranking.subjects import subject_name
from webapp.themes.models import Theme
from webapp.themes.operations import TakenError

if TYPE_CHECKING:
    import matcher

# How a wording is told from those of other concepts: its language, and itself without case.
Key = tuple[str, str]


def thesaurus_of(themes: Iterable[Theme]) -> matcher.Thesaurus:
    """Return the shipped thesaurus with what administrators have changed of themes.

    A wording that a concept of a newer release has, too, is left to that concept.
    """
    import matcher

    known = _shipped_themes()
    changed = [theme for theme in themes if theme.synonyms or theme.label != theme.shipped_label]
    if not changed:
        return matcher.default_thesaurus()
    tables, taken = shipped_tables(), set(_shipped_wordings())
    concepts = [concept for theme in changed for concept in _concepts(theme, taken)]
    rows = [_theme(theme, known.get(theme.code)) for theme in changed]
    return matcher.build_thesaurus(*tables.merged(matcher.ThesaurusTables(concepts, [], rows, [])))


def refuse_known_wording(language: str, wording: str) -> None:
    """Refuse a wording that the shipped thesaurus has, or in which there is no word to read."""
    import matcher

    if known := _shipped_wordings().get((language, wording.casefold())):
        label = Deferred(subject_name, known)
        raise TakenError(_("The ranking knows this wording already, as “%(label)s”.", label=label))
    if all(token.term is None for token in matcher.tokenize(wording, language)):
        raise TakenError(
            _("The ranking reads nothing in this wording: it has only words like “and” or “of”.")
        )


def _concepts(theme: Theme, taken: set[Key]) -> Iterator[matcher.Concept]:
    """Yield the concept of a theme, if it has a wording that no other concept has."""
    import matcher

    labels: dict[str, list[str]] = {}
    for synonym in theme.synonyms:
        key = (synonym.language, synonym.wording.casefold())
        if key not in taken:
            taken.add(key)
            labels.setdefault(synonym.language, []).append(synonym.wording)
    if not labels:
        return
    # What a reader sees as the name of the concept: the theme, by a wording of its own.
    name = theme.label if ("en", theme.label.casefold()) not in taken else _own_name(theme)
    taken.add(("en", name.casefold()))
    labels["en"] = [name, *labels.get("en", [])]
    frozen = {language: tuple(wordings) for language, wordings in labels.items()}
    yield matcher.Concept(f"theme {theme.code}", frozen, (theme.code,))


def _own_name(theme: Theme) -> str:
    return f"{theme.label} ({theme.code})"


def _theme(theme: Theme, shipped: matcher.Theme | None) -> matcher.Theme:
    import matcher

    known = () if shipped is None else (shipped.label, *shipped.synonyms)
    added = tuple(synonym.wording for synonym in theme.synonyms)
    if shipped is not None and theme.label == theme.shipped_label:
        return matcher.Theme(theme.code, shipped.label, (*shipped.synonyms, *added))
    return matcher.Theme(theme.code, theme.label, (*known, *added))


@cache
def shipped_tables() -> matcher.ThesaurusTables:
    """Return the tables of the thesaurus that is shipped."""
    import matcher

    return matcher.read_tables(DATA / "thesaurus")


@cache
def _shipped_themes() -> dict[str, matcher.Theme]:
    return {theme.code: theme for theme in shipped_tables().themes}


@cache
def _shipped_wordings() -> dict[Key, str]:
    """Return the label of the concept for each wording that is shipped."""
    return {
        (language, wording.casefold()): concept.label
        for concept in shipped_tables().concepts
        for language, wordings in concept.labels.items()
        for wording in wordings
    }
