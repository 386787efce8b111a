"""Hard constraints: who cannot be sent on an assignment, whatever the score says.

Each rule is a pure function of one expert and one request. A rule that finds its field missing in
the profile does not rule out; the gap is reported as unknown, so that a coordinator can ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from matcher.records import CEFR_LEVELS, Expert, Period, Request

# Bosnian, Croatian, Montenegrin and Serbian are accepted for each other: speakers of one read and
# speak with speakers of the others without an interpreter.
MUTUALLY_ACCEPTED: Final = frozenset({"sr", "bs", "hr", "cnr"})


@dataclass(frozen=True)
class Reason:
    """Why an expert cannot be sent: a code and the facts behind it, ready to be put into words and
    translated.

    ``language``: ``{"language": "fr", "needed": "B1", "has": "A2" or None}``;
    ``one_language``: ``{"needed": {"ru": "B2", "en": "C1"}}``, of which the profile has none;
    ``dates`` and ``booked``: ``{"start": …, "end": …}``, the period that overlaps;
    ``jurisdiction``: ``{"jurisdiction": "SRB", "excluded_by": "request" or "expert"}``;
    ``max_days``: ``{"days": 12, "max_days": 10}``;
    ``approval``: ``{"approved_until": …, "end": …}``;
    ``notice``: ``{"notice": 30, "days": 9, "start": …}``; ``missions``: ``{"most": 2, "booked": 2,
    "year": 2027}``.
    """

    code: str
    detail: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The reason as JSON can hold it."""
        return {"code": self.code, "detail": dict(self.detail)}


@dataclass(frozen=True)
class Eligibility:
    """The verdict on one expert: reasons against, and the codes of rules whose field the profile
    lacks."""

    reasons: tuple[Reason, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The distinct codes of the reasons, in the order of the rules."""
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))


def check(expert: Expert, request: Request) -> Eligibility:
    """Apply every rule to one expert."""
    reasons = [reason for rule in _RULES for reason in rule(expert, request)]
    return Eligibility(tuple(reasons), unknown_rules(expert, request))


def unknown_rules(expert: Expert, request: Request) -> tuple[str, ...]:
    """The codes of the rules that a request brings up and whose field the profile lacks."""
    unknown = []
    asks_for_languages = request.required_languages or request.one_language_of
    if asks_for_languages and expert.languages is None:
        unknown.append("language")
    if request.excluded_jurisdictions and expert.jurisdiction is None:
        unknown.append("jurisdiction")
    if request.days is not None and expert.max_days is None:
        unknown.append("max_days")
    return tuple(unknown)


def _language(expert: Expert, request: Request) -> Iterator[Reason]:
    if expert.languages is None:
        return
    for language, needed in (request.required_languages or {}).items():
        has = best_level(expert.languages, language)
        if not _is_enough(has, needed):
            yield Reason("language", {"language": language, "needed": needed, "has": has})


def _one_language(expert: Expert, request: Request) -> Iterator[Reason]:
    spoken, wanted = expert.languages, request.one_language_of or {}
    if spoken is None or not wanted:
        return
    if not any(_is_enough(best_level(spoken, code), needed) for code, needed in wanted.items()):
        yield Reason("one_language", {"needed": dict(wanted)})


def _is_enough(has: str | None, needed: str) -> bool:
    return has is not None and CEFR_LEVELS.index(has) >= CEFR_LEVELS.index(needed)


def accepted_languages(language: str) -> frozenset[str]:
    """A language and those that are accepted for it."""
    return MUTUALLY_ACCEPTED if language in MUTUALLY_ACCEPTED else frozenset({language})


def best_level(languages: Mapping[str, str], language: str) -> str | None:
    """The best level in a language or in one accepted for it; None if there is none."""
    accepted = accepted_languages(language)
    levels = [level for code, level in languages.items() if code in accepted]
    return max(levels, key=CEFR_LEVELS.index, default=None)


def _dates(expert: Expert, request: Request) -> Iterator[Reason]:
    return _overlaps("dates", expert.unavailable, request)


def _booked(expert: Expert, request: Request) -> Iterator[Reason]:
    return _overlaps("booked", expert.booked, request)


def _overlaps(code: str, periods: tuple[Period, ...], request: Request) -> Iterator[Reason]:
    for period in periods:
        if request.period is not None and period.overlaps(request.period):
            yield Reason(code, {"start": period.start.isoformat(), "end": period.end.isoformat()})


def _jurisdiction(expert: Expert, request: Request) -> Iterator[Reason]:
    for home in expert.homes:
        if home in request.excluded_jurisdictions:
            yield Reason("jurisdiction", {"jurisdiction": home, "excluded_by": "request"})
    if request.jurisdiction in expert.excluded_jurisdictions:
        yield Reason(
            "jurisdiction", {"jurisdiction": request.jurisdiction, "excluded_by": "expert"}
        )


def _max_days(expert: Expert, request: Request) -> Iterator[Reason]:
    if request.days is None or expert.max_days is None:
        return
    if expert.max_days < request.days:
        yield Reason("max_days", {"days": request.days, "max_days": expert.max_days})


def _approval(expert: Expert, request: Request) -> Iterator[Reason]:
    if request.period is None or expert.approved_until is None:
        return
    if expert.approved_until < request.period.end:
        yield Reason(
            "approval",
            {
                "approved_until": expert.approved_until.isoformat(),
                "end": request.period.end.isoformat(),
            },
        )


def _notice(expert: Expert, request: Request) -> Iterator[Reason]:
    if request.period is None or request.asked_on is None or not expert.notice_days:
        return
    start = request.period.start
    days = (start - request.asked_on).days
    if days < expert.notice_days:
        facts = {"notice": expert.notice_days, "days": days, "start": start.isoformat()}
        yield Reason("notice", facts)


def _missions(expert: Expert, request: Request) -> Iterator[Reason]:
    if request.period is None:
        return
    year = request.period.start.year
    if year in expert.full_years:
        booked = sum(period.start.year == year for period in expert.booked)
        yield Reason("missions", {"most": expert.most_missions, "booked": booked, "year": year})


_RULES: Final[tuple[Callable[[Expert, Request], Iterator[Reason]], ...]] = (
    _language,
    _one_language,
    _dates,
    _jurisdiction,
    _max_days,
    _booked,
    _approval,
    _notice,
    _missions,
)
