"""Lessons of missions that were like one that is planned: by the ranking, by theme and by place.

The matcher finds those of requests with the same or a neighbouring subject, however it was called.
To have the very theme or the place counts beside that, and is enough by itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches.ranking.like_texts import LikeTexts, Text
from webapp.mission_reports.models import Lesson

INDEX = "lessons"
# More lessons beside a request are read by nobody.
MOST_LESSONS = 8
# Of so many, the latest, the words are compared: each is read once by each process.
MOST_COMPARED = 300
# What the same theme, and the same place, count beside the best score of a text, which is 1.
_SAME = 0.4


def list_like(session: Session, index: LikeTexts, request: ExpertiseRequest) -> Sequence[Lesson]:
    """Return lessons of other requests that are like this one, those that are most alike first and
    of these the latest."""
    shares = _compare(session, index, request)
    codes = [row.theme_code for row in request.themes]
    there = sa.and_(Lesson.jurisdiction.is_not(None), Lesson.jurisdiction == request.jurisdiction)
    alike = sa.or_(Lesson.theme_code.in_(codes), there, Lesson.id.in_(shares))
    found = session.scalars(
        sa.select(Lesson)
        .where(Lesson.request_id != request.id, alike)
        .order_by(Lesson.id.desc())
        .options(joinedload(Lesson.theme))
    )

    def closeness(lesson: Lesson) -> float:
        has_theme, is_there = lesson.theme_code in codes, _is_there(lesson, request)
        return shares.get(lesson.id, 0.0) + _SAME * has_theme + _SAME * is_there

    return sorted(found, key=closeness, reverse=True)[:MOST_LESSONS]


def list_for_pack(
    session: Session, index: LikeTexts, request: ExpertiseRequest
) -> Sequence[Lesson]:
    """Return those of the like lessons that whoever goes there may read: of this place or of none,
    as what went wrong in one state is not told to another."""
    like = list_like(session, index, request)
    return [row for row in like if row.jurisdiction is None or _is_there(row, request)]


def _is_there(lesson: Lesson, request: ExpertiseRequest) -> bool:
    return lesson.jurisdiction is not None and lesson.jurisdiction == request.jurisdiction


def _compare(session: Session, index: LikeTexts, request: ExpertiseRequest) -> Mapping[int, float]:
    """Return how much the words of other requests' lessons, and of these requests, have in common
    with a request, by lesson."""
    latest = sa.select(Lesson.id, Lesson.request_id, Lesson.written_at)
    rows = session.execute(latest.order_by(Lesson.id.desc()).limit(MOST_COMPARED)).all()
    # After an older backup has come back a number may be that of another lesson.
    keys = {f"{row.id}@{row.written_at.isoformat()}": row for row in rows}

    def load(wanted: Collection[str]) -> Iterable[Text]:
        return _load(session, {keys[key].id: key for key in wanted})

    shares = index.find(session, request, keys, load)
    return {
        keys[key].id: share for key, share in shares.items() if keys[key].request_id != request.id
    }


def _load(session: Session, keys: Mapping[int, str]) -> Iterable[Text]:
    rows = session.scalars(
        sa.select(Lesson)
        .where(Lesson.id.in_(keys))
        .options(joinedload(Lesson.request).selectinload(ExpertiseRequest.themes))
    )
    for row in rows:
        codes = (
            [row.theme_code] if row.theme_code else [one.theme_code for one in row.request.themes]
        )
        yield Text(keys[row.id], row.request, row.text, tuple(codes))
