"""Two versions of terms of reference beside each other, field by field, in words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from webapp.amendments.differences import Pieces, compare
from webapp.amendments.models import Amendment
from webapp.amendments.queries import find_version, get_version
from webapp.core.words.translation import Message
from webapp.expertise_requests.content import (
    FIELD_NAMES,
    FOR_INVITED,
    Content,
    get_content,
    in_order,
    read_json,
)
from webapp.expertise_requests.models import ExpertiseRequest, TermsOfReference
from webapp.expertise_requests.saying import in_words, theme_labels


@dataclass(frozen=True)
class Change:
    """One field that says something else: what it said and what it says, in pieces."""

    label: Message
    before: Pieces
    after: Pieces


def content_of(terms: TermsOfReference) -> Content:
    """Return what a version of terms of reference says."""
    return Content(**read_json(terms.content))


def get_terms(request: ExpertiseRequest, number: int) -> Content:
    """Return the terms of reference as they were agreed; of a version that is lost, the text of
    now."""
    terms = find_version(request, number)
    return content_of(terms) if terms else get_content(request)


def changes_of(
    session: Session, amendment: Amendment, *, for_invited: bool = False
) -> list[Change]:
    """Return what a change changes, beside what was agreed before it; or as much of it as experts
    who are invited read."""
    before = content_of(get_version(amendment.request, amendment.from_version))
    after = replace(before, **read_json(amendment.changes))
    fields = FOR_INVITED | {"title"} if for_invited else frozenset(FIELD_NAMES)
    return list(_compare(session, before, after, fields))


def changes_between(
    session: Session, earlier: TermsOfReference, later: TermsOfReference
) -> list[Change]:
    """Return what differs between two versions."""
    return list(_compare(session, content_of(earlier), content_of(later), frozenset(FIELD_NAMES)))


def changes_since(session: Session, request: ExpertiseRequest, number: int) -> list[Change]:
    """Return what holds now and differs from a version; nothing where that was never agreed."""
    seen = find_version(request, number)
    if seen is None:
        return []
    return changes_between(session, seen, get_version(request, request.tor_version))


def _compare(
    session: Session, before: Content, after: Content, fields: Collection[str]
) -> Iterator[Change]:
    labels = theme_labels(session)
    for name in in_order():
        old, new = getattr(before, name), getattr(after, name)
        if name in fields and old != new:
            yield Change(
                FIELD_NAMES[name],
                *compare(in_words(name, old, labels), in_words(name, new, labels)),
            )
