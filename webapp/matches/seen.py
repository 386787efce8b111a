"""What the sender of an answer has read: other terms of reference, or other days, need another."""

from webapp.core.errors import ConflictError
from webapp.core.words.translation import _
from webapp.matches import rules
from webapp.matches.models import Match

OTHER_TERMS = _(
    "The terms of reference have changed since you opened this page. Please read what is asked now,"
    " and answer once more."
)
OTHER_DAYS = _(
    "The days of the mission have changed after you opened the page. Please read them, and answer"
    " anew."
)


def written_days(match: Match) -> str:
    """Return the days of somebody's mission as a form says which its sender has read."""
    return " to ".join(day.isoformat() for day in rules.days_of(match) if day)


def refuse_unseen(match: Match, terms: int | None, days: str | None) -> None:
    """Refuse an answer to another version of the terms, or to other days; None does not say."""
    if terms not in {None, match.request.tor_version}:
        raise ConflictError(OTHER_TERMS)
    if days not in {None, written_days(match)}:
        raise ConflictError(OTHER_DAYS)
