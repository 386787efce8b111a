"""Named selects of the coordinators' roster."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts import queries as accounts
from webapp.core import paging
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page
from webapp.core.words.search import finds, fits
from webapp.core.words.translation import Message, _
from webapp.deployments import queries as deployments
from webapp.experts import standing_queries
from webapp.experts.models import Expert, ExpertTheme
from webapp.experts.standing_tables import ProfileMerge
from webapp.matches.ranking.facets import days_taken
from webapp.roster.facets import MOST_NAMED, Moment, fitting
from webapp.roster.kinds import Asked, Sort
from webapp.roster.models import CoordinatorNote

PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """An expert on the list, and what is counted of them: the days of this year that missions take,
    and the missions of all years. Since when they are in their state, the log has told if it can.
    """

    expert: Expert
    days: int
    missions: int
    state_since: datetime | None


@dataclass(frozen=True)
class NoteLine:
    """A note, and the names of who wrote and last changed it."""

    note: CoordinatorNote
    writer: str | Message
    changer: str | Message


def list_page(
    session: Session,
    asked: Asked,
    moment: Moment,
    *,
    sort: Sort = Sort.NAME,
    places: dict[int, int] | None = None,
    number: int = 1,
) -> Page[Line]:
    """Return a page of those who fit; `places` orders those whose profiles bear on the words."""
    first = _list_first(session, asked, moment, sort, places or {})
    others = _sorted_ids(asked, moment, sort).where(Expert.id.not_in(first))
    page: Page[Any] = paging.get_behind(session, first, others, number, size=PER_PAGE)
    return replace(page, items=load_lines(session, page.items, moment))


def list_ids(
    session: Session, asked: Asked, moment: Moment, *, sort: Sort, places: dict[int, int]
) -> list[int]:
    """Return the ids of all who fit, in the order of the list."""
    first = _list_first(session, asked, moment, sort, places)
    others = _sorted_ids(asked, moment, sort).where(Expert.id.not_in(first))
    return [*first, *session.scalars(others)]


def count_without_each(session: Session, asked: Asked, moment: Moment) -> dict[str, int]:
    """Return how many experts would fit without each single thing that was chosen."""
    found = {}
    for name in asked.given:
        clauses = fitting(asked, moment, besides={name})
        chosen = sa.select(sa.func.count()).select_from(Expert).where(*clauses)
        found[name] = session.scalars(chosen).one()
    return found


def find_note(
    session: Session, expert_id: int, writer_id: int | None, text: str
) -> CoordinatorNote | None:
    """Return what somebody has noted about an expert in just these words, if they have."""
    return session.scalars(
        sa.select(CoordinatorNote)
        .where(
            CoordinatorNote.expert_id == expert_id,
            CoordinatorNote.written_by == writer_id,
            CoordinatorNote.text == text,
        )
        .limit(1)
    ).first()


def list_notes(session: Session, expert_id: int) -> list[NoteLine]:
    """Return what is noted about an expert, latest first, each with who wrote it."""
    rows = session.scalars(
        sa.select(CoordinatorNote)
        .where(CoordinatorNote.expert_id == expert_id)
        .order_by(CoordinatorNote.id.desc())
    ).all()
    names = accounts.get_names(
        session, (n for row in rows for n in (row.written_by, row.changed_by))
    )
    gone = _("an account that is gone")
    return [
        NoteLine(row, names.get(row.written_by, gone), names.get(row.changed_by or 0, gone))
        for row in rows
    ]


@dataclass(frozen=True)
class MergeLine:
    """Another profile that was joined with this one, and the name of who did it."""

    merge: ProfileMerge
    by: str | Message


def list_merges(session: Session, expert_id: int) -> list[MergeLine]:
    """Return the profiles that were joined with this one, latest first."""
    rows = session.scalars(
        sa.select(ProfileMerge)
        .where(ProfileMerge.expert_id == expert_id)
        .order_by(ProfileMerge.id.desc())
    ).all()
    names = accounts.get_names(session, (row.merged_by for row in rows))
    return [
        MergeLine(row, names.get(row.merged_by or 0, _("an account that is gone"))) for row in rows
    ]


def get_note(session: Session, expert_id: int, number: int) -> CoordinatorNote:
    """Return a note about this expert."""
    note = session.get(CoordinatorNote, number)
    if note is None or note.expert_id != expert_id:
        raise NotFoundError(_("There is no such note."))
    return note


def load_lines(session: Session, ids: Sequence[int], moment: Moment) -> list[Line]:
    """Return these experts in this order, with what the columns of a list show."""
    taken = days_taken(moment.reader, moment.today.year)
    rows = session.execute(
        sa.select(Expert, sa.func.coalesce(taken.c.days, 0))
        .outerjoin(taken, taken.c.expert_id == Expert.id)
        .where(Expert.id.in_(ids))
        .options(
            selectinload(Expert.themes).selectinload(ExpertTheme.theme),
            selectinload(Expert.languages),
            selectinload(Expert.account),
        )
    )
    missions = deployments.count_missions(session, moment.reader, ids)
    since = standing_queries.get_moments_of_steps(session, ids)
    lines = {
        expert.id: Line(expert, days, missions.get(expert.id, 0), since.get(expert.id))
        for expert, days in rows
    }
    return [lines[number] for number in ids if number in lines]


def _sorted_ids(asked: Asked, moment: Moment, sort: Sort) -> sa.Select[Any]:
    chosen = sa.select(Expert.id).where(*fitting(asked, moment))
    by: list[Any] = []
    if sort in {Sort.LEAST, Sort.MOST}:
        taken = days_taken(moment.reader, moment.today.year)
        chosen = chosen.outerjoin(taken, taken.c.expert_id == Expert.id)
        days = sa.func.coalesce(taken.c.days, 0)
        by = [days if sort is Sort.LEAST else days.desc()]
    elif sort is Sort.INSTITUTION:
        by = [Expert.institution == "", Expert.institution]
    elif sort is Sort.JURISDICTION:
        by = [Expert.jurisdiction.is_(None), Expert.jurisdiction]
    elif sort is Sort.CONFIRMED:
        by = [Expert.last_confirmed_at.is_not(None), Expert.last_confirmed_at]
    elif sort is Sort.APPROVAL:
        by = [Expert.approved_until.is_(None), Expert.approved_until]
    # The folded text begins with the name.
    return chosen.order_by(*by, Expert.search_text, Expert.id)


def _list_first(
    session: Session, asked: Asked, moment: Moment, sort: Sort, places: dict[int, int]
) -> list[int]:
    """Return who comes first where a list is sorted by what was looked for: who is called so, then
    whose profile bears on the words. Others have them in an institution, a place and the like."""
    if sort is not Sort.RELEVANCE or not asked.words:
        return []
    fits_all = fitting(asked, moment)
    named = session.execute(
        sa.select(Expert.id, Expert.name)
        .where(finds(asked.words, Expert.search_text), *fits_all)
        .order_by(Expert.search_text, Expert.id)
        .limit(MOST_NAMED + 1)
    ).all()
    is_about_names = len(named) <= MOST_NAMED
    called = [n for n, name in named if is_about_names and fits(asked.words, name)]
    found = session.scalars(sa.select(Expert.id).where(Expert.id.in_(places), *fits_all))
    return [*dict.fromkeys((*called, *sorted(found, key=places.__getitem__)))]
