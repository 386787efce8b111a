"""Texts that were written of earlier requests, found for a new one as experts are: by its subjects
and words, in whatever language.

Each text is read as a profile: the title and the objectives of the request it was written of, the
text itself, and themes. Nothing beside the subject counts. The index holds what one process has
read, and follows the database by the keys of the texts, which never change; themes that change mean
other terms, and another index.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches.ranking.matcher_records import request_record
from webapp.matches.ranking.vocabulary import thesaurus_of
from webapp.themes import queries as themes

if TYPE_CHECKING:
    import matcher


@dataclass(frozen=True)
class Text:
    """A text by its key, with the request it was written of and the codes of its themes."""

    key: str
    request: ExpertiseRequest
    words: str
    themes: tuple[str, ...]


class LikeTexts:
    """An index of such texts that follows the database; safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: matcher.ExpertIndex | None = None
        self._themes = 0
        self._keys: set[str] = set()

    def find(
        self,
        session: Session,
        request: ExpertiseRequest,
        keys: Collection[str],
        load: Callable[[Collection[str]], Iterable[Text]],
    ) -> Mapping[str, float]:
        """Return the texts that bear on a request, each with a share of the best one's score.

        `keys` are those of all texts; those that were not read yet are asked of `load`. A text
        bears on a request if an expert with its score would be sure to fit: far more have a word in
        common with it.
        """
        import matcher

        if not keys:
            return {}
        with self._lock:
            index = self._follow(session, keys, load)
            result = index.rank(request_record(request), top=0, constraints=False)
        if result.fit == matcher.Fit.NOBODY:
            return {}
        return {one.expert_id: one.relative for one in result.ranked if result.suits(one)}

    def _follow(
        self,
        session: Session,
        keys: Collection[str],
        load: Callable[[Collection[str]], Iterable[Text]],
    ) -> matcher.ExpertIndex:
        import matcher

        revision = themes.get_revision(session)
        if self._index is None or revision != self._themes:
            thesaurus = thesaurus_of(themes.list_with_synonyms(session))
            self._index, self._themes = matcher.ExpertIndex(thesaurus=thesaurus), revision
            self._keys = set()
        for key in self._keys.difference(keys):
            self._index.remove(key)
            self._keys.discard(key)
        if unread := set(keys) - self._keys:
            # What was deleted since its key was asked for comes no more.
            records = [_record(text) for text in load(unread)]
            self._index.update_all(records)
            self._keys.update(record.id for record in records)
        return self._index


def _record(text: Text) -> matcher.Expert:
    import matcher

    about = {"title": text.request.title, "description": text.request.objectives}
    return matcher.Expert.from_dict(
        {
            "id": text.key,
            "themes": list(text.themes),
            "experience": [about, {"title": "", "description": text.words}],
        }
    )
