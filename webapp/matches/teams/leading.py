"""Who has led others in what a request asks for: by what they say of a theme, or by what they were
in work of the past that bears on it (decision 151)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.core.words.translation import Deferred, Message, _
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Evidence, EvidenceKind, Expert, ExpertTheme, ThemeLevel
from webapp.experts.wording import years
from webapp.matches.ranking.sources import find_evidence, holds
from webapp.themes.wording import label_of

if TYPE_CHECKING:
    import matcher


@dataclass(frozen=True)
class Leading:
    """What shows that somebody has led: themes of the request in which they say to, and pieces of
    evidence that bear on it."""

    themes: Collection[ExpertTheme] = ()
    evidence: Collection[Evidence] = ()

    def __bool__(self) -> bool:
        return bool(self.themes or self.evidence)

    def in_words(self) -> list[Message]:
        """Return a sentence for each, what others have confirmed first."""
        work = sorted(self.evidence, key=lambda row: not row.is_confirmed)
        said = [
            _("Says to teach and lead others: %(theme)s", theme=Deferred(label_of, row.theme))
            for row in self.themes
        ]
        return [*map(_work_in_words, work), *said]


def _work_in_words(row: Evidence) -> Message:
    facts = {"title": row.title, "as_what_and_when": Deferred(_as_what_and_when, row)}
    if row.is_confirmed:
        return _("Has led, and others confirm it: %(title)s (%(as_what_and_when)s)", **facts)
    return _("Has led by their own word: %(title)s (%(as_what_and_when)s)", **facts)


def _as_what_and_when(row: Evidence) -> str:
    return "; ".join(filter(None, [row.role or str(row.kind.label), str(years(row))]))


def find_leading(
    request: ExpertiseRequest,
    people: Iterable[Expert],
    explanations: Mapping[str, matcher.Explanation],
) -> dict[str, Leading]:
    """Return, by the matcher's ids, who of some experts has led, and what shows it."""
    themes = {row.theme_code for row in request.themes}
    found = {
        str(expert.id): Leading(
            [
                row
                for row in expert.themes
                if row.level is ThemeLevel.LEADING and row.theme_code in themes
            ],
            _list_led(expert, explanations.get(str(expert.id))),
        )
        for expert in people
    }
    return {key: leading for key, leading in found.items() if leading}


def _list_led(expert: Expert, explanation: matcher.Explanation | None) -> list[Evidence]:
    """Return the evidence in which an expert led and which holds a reason for their place."""
    told = explanation.to_dict() if explanation else {"entries": [], "terms": []}
    bearing = [
        entry for entry in told["entries"] if any(holds(entry, reason) for reason in told["terms"])
    ]
    rows = (find_evidence(entry, expert) for entry in bearing)
    return [row for row in dict.fromkeys(rows) if row and _was_led(row)]


def _was_led(row: Evidence) -> bool:
    """Tell whether an expert led in this, by the role or, of a post that was held, by its name."""
    import matcher

    is_post = row.kind is EvidenceKind.POST
    return matcher.leads(row.role) or (is_post and matcher.leads(row.title))
