"""What experts read of who was shown their profile: the request as well, once they were invited."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from webapp.core.db import db
from webapp.core.paging import Page
from webapp.core.record.disclosure import page_words
from webapp.core.record.reasons import Reason
from webapp.experts import viewers
from webapp.experts.models import Expert
from webapp.experts.viewers import Invited, Look, Viewed, Way

ListInvited = Callable[[Session, Expert], Mapping[Way, Invited]]

# Where the package that knows the missions puts the function that tells, by what stands in
# addresses, to which requests an expert was invited.
INVITED = "profile.invited"


@dataclass(frozen=True)
class Line:
    """One person and day: the kinds of pages by the request that they were about, where the expert
    was invited to it, and what files were for."""

    viewed: Viewed
    pages: Sequence[tuple[Invited | None, Sequence[str]]]
    purposes: Sequence[Reason]


def read_page(expert: Expert, number: int = 1, *, size: int) -> Page[Line]:
    """Return a page of who was shown the profile, latest day first."""
    page = viewers.list_viewers(db.session, expert, number, size=size)
    list_invited: ListInvited = current_app.extensions[INVITED]
    invited = list_invited(db.session, expert) if page.items else {}
    lines = [
        Line(
            seen,
            _by_request(seen.looks, invited),
            [look.purpose for look in seen.looks if look.purpose],
        )
        for seen in page.items
    ]
    return Page(lines, page.total, page.number, page.pages)


def _by_request(
    looks: Sequence[Look], invited: Mapping[Way, Invited]
) -> list[tuple[Invited | None, list[str]]]:
    """Return the kinds of pages, each once, by request; those of none that may be named first."""
    kinds: dict[Invited | None, dict[str, None]] = {}
    for look in looks:
        request = next((invited[way] for way in _ways(look.path) if way in invited), None)
        kinds.setdefault(request, {})[str(page_words(look.page))] = None
    return sorted(
        ((request, list(words)) for request, words in kinds.items()),
        key=lambda entry: entry[0].match_id if entry[0] else 0,
    )


def _ways(path: str) -> list[Way]:
    """Return the numbers that stand in an address, by what they are of."""
    adapter = current_app.url_map.bind("")
    for method in adapter.allowed_methods(path):
        try:
            _endpoint, arguments = adapter.match(path, method)
        except HTTPException:  # An address that leads on to another one.
            continue
        return [(name, value) for name, value in arguments.items() if isinstance(value, int)]
    return []
