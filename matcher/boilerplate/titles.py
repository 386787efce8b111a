"""What the title of a request says about the rest of it."""

from __future__ import annotations

from matcher.boilerplate.cues import cue_table
from matcher.boilerplate.page_frame import beginnings
from matcher.language import folded_words


def beginnings_of_subject(title: str, language: str) -> frozenset[str]:
    """The beginnings of the words of a title that tell its subject; of all, if none does."""
    return beginnings(telling_words(title, language)) or beginnings(title)


def telling_words(title: str, language: str) -> str:
    """The words of a title but for those that any such paper has, as "mission" and "expert"."""
    words = folded_words(title)
    neutral = cue_table(language, frozenset({"heading"}), frozenset({"neutral", "header"}))
    general = {at for hit in neutral.find(title, words) for at in range(hit.first, hit.last)}
    return " ".join(title[w.start : w.end] for at, w in enumerate(words) if at not in general)


def topics_of(title: str, language: str) -> frozenset[str]:
    """The kinds of text that a request is about itself, by its title."""
    words = folded_words(title)
    return frozenset(
        hit.cue.part
        for each in dict.fromkeys((language, "en"))
        for hit in cue_table(each, frozenset(), frozenset({"topic"})).find(title, words)
    )
