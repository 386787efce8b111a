"""Profiles and requests as the matcher reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from webapp.core import clock
from webapp.core.words.vocabularies import LanguageNeed
from webapp.expertise_requests.content import TEXTS
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert

if TYPE_CHECKING:
    import matcher


def expert_record(expert: Expert, booked: Sequence[tuple[date, date]]) -> matcher.Expert:
    """Return a profile as the matcher reads it."""
    import matcher

    return matcher.Expert.from_dict(
        {
            "id": str(expert.id),
            "headline": expert.post,
            "summary": expert.summary,
            "themes": [row.theme_code for row in expert.themes],
            "experience": [
                {
                    "title": row.title,
                    "description": row.description,
                    "country": row.jurisdiction,
                    "start": row.started and f"{row.started:%Y-%m}",
                    "end": row.ended and f"{row.ended:%Y-%m}",
                    "kind": row.kind.value,
                    "confirmed": row.is_confirmed or None,
                }
                for row in expert.evidence
                if not row.kept_out
            ],
            "training": [row.title for row in expert.trainings],
            "languages": {row.language: row.level.value for row in expert.languages} or None,
            "jurisdiction": expert.jurisdiction,
            # A requester who excludes a jurisdiction means those who say to be of it, too.
            "announced_jurisdictions": [expert.pending_identity.jurisdiction]
            if expert.pending_identity and expert.pending_identity.jurisdiction
            else [],
            "unavailable": [{"start": row.start, "end": row.end} for row in expert.unavailable],
            "max_days": expert.max_days,
            "excluded_jurisdictions": [row.code for row in expert.closed_jurisdictions],
            "booked": [{"start": start, "end": end} for start, end in booked],
            "approved_until": expert.approved_until,
            "rank": expert.rank,
            # None needed is no rule, as is none said.
            "notice_days": expert.notice_days or None,
            "most_missions": expert.most_missions,
        }
    )


def _has_begun(request: ExpertiseRequest) -> bool:
    return request.first_day is not None and request.first_day < clock.today()


def request_record(request: ExpertiseRequest, without: Sequence[str] = ()) -> matcher.Request:
    """Return a request as the matcher reads it; what is named `without` does not count for it.

    Each text says by itself whether it is compared (expertise_requests/content.py): what exists
    locally, who pays and the security situation describe the host, not the help that is asked for,
    and would lead the ranking astray; whom to ask is nobody's expertise. What is written as a task
    is one, whatever paper was pasted as the background: the texts are read apart.
    """
    import matcher

    texts = [getattr(request, text.name) for text in TEXTS if text.ranked]
    if request.years_wanted:
        # The matcher reads from words how many years are asked for.
        texts.append(f"At least {request.years_wanted} years of experience.")
    return matcher.Request.from_dict(
        {
            "id": str(request.id),
            "title": request.title,
            "description": f"\n{matcher.BETWEEN_TEXTS}\n".join(text for text in texts if text),
            "themes": [row.theme_code for row in request.themes],
            "jurisdiction": request.jurisdiction,
            "required_languages": _languages(request, LanguageNeed.REQUIRED),
            "one_language_of": _languages(request, LanguageNeed.ONE_OF),
            "excluded_jurisdictions": [row.code for row in request.excluded],
            "start": request.first_day,
            "end": request.last_day,
            # A mission that was moved takes all of its days, and no longer some of a window.
            "days_needed": None if request.is_moved else request.days_needed,
            "experts_needed": request.experts_needed,
            "without": without,
            # Days that can move, or are past, leave the notice to people: it is a remark then.
            "asked_on": None if request.flexibility or _has_begun(request) else clock.today(),
        }
    )


def _languages(request: ExpertiseRequest, need: LanguageNeed) -> dict[str, str]:
    """Return the languages that are needed so much, with their levels."""
    return {row.language: row.level.value for row in request.languages if row.need is need}
