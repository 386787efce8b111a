"""Lessons: what coordinators take out of reports for those who plan a like mission."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.core.db import lock
from webapp.core.errors import ConflictError, DoneSinceError, ForbiddenError, NotFoundError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.search import folded
from webapp.core.words.text_rules import shortened
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.experts.models import ExpertState
from webapp.mission_reports import queries, rules
from webapp.mission_reports.content import LONGEST_LESSON, LessonContent
from webapp.mission_reports.models import Lesson, MissionReport, PointKind, Side

# Shorter parts of a name, such as "de" or "Ana", are words of texts, too.
SHORTEST_NAME = 4
# Of names in the Slavic languages, in Romanian, Albanian and English, folded.
_ENDINGS = frozenset({
    "a", "e", "i", "u", "o", "y", "om", "oj", "ou", "em", "im", "ov", "ova", "ove", "ovi", "ovu",
    "ev", "eva", "evi", "evu", "in", "ina", "ine", "ini", "inu", "s", "es", "t", "ta", "it", "ja",
    "je", "ju", "jem", "jom", "ul", "ului", "ei", "iu", "ya", "ye", "yu", "ey", "oy",
})  # fmt: skip


@dataclass(frozen=True)
class Beginning:
    """An answer of a report with which a lesson can begin: what one side says was missing, or of a
    task that was `asked` for in these words."""

    side: Side
    said: str
    asked: str = ""

    @property
    def text(self) -> str:
        """Return what the lesson begins with, no longer than one may be."""
        words = f"{self.asked.rstrip('.')}: {self.said}" if self.asked else self.said
        return shortened(words, LONGEST_LESSON)


def list_beginnings(reports: Iterable[MissionReport]) -> list[Beginning]:
    """Return the answers of reports that were sent with which a lesson can begin, those first that
    tell what was missing."""
    sent = [report for report in reports if report.sent_at]
    lacking = [Beginning(report.side, report.lacking) for report in sent if report.lacking]
    points = [
        Beginning(report.side, point.said, point.asked)
        for report in sent
        for point in report.points
        if point.said and point.kind is PointKind.TASK
    ]
    return [*lacking, *points]


def add(work: UnitOfWork, deployment: Deployment, content: LessonContent) -> Lesson:
    """Keep a lesson of a mission; the same once more, sent again, is one. Refuses one that names an
    expert of the team or the requester, and one of somebody whom nothing names any more."""
    _check(work, deployment)
    if deployment.match.expert.state is ExpertState.ERASED:
        raise ConflictError(rules.ERASED)
    kept = queries.list_lessons(work.session, deployment.match.request)
    if twin := next((one for one in kept if _says(one, content)), None):
        return twin
    names = [*queries.list_sent(work.session, deployment), deployment.match.request.requester.name]
    if name := _find_name(names, content.text):
        raise ConflictError(_("A lesson names nobody, and this one holds “%(name)s”.", name=name))
    lesson = Lesson(
        request_id=deployment.match.request_id,
        written_by=work.actor.id,
        written_at=work.now,
        **vars(content),
    )
    work.session.add(lesson)
    work.session.flush()
    audit.record(work, Action.LESSON_WRITTEN, lesson)
    return lesson


def remove(work: UnitOfWork, deployment: Deployment, lesson_id: int) -> None:
    """Take a lesson of the mission's request out of those that are shown. Raises DoneSinceError
    where it was taken out already."""
    _check(work, deployment)
    lesson = work.session.get(Lesson, lesson_id, populate_existing=True)
    if lesson is None:
        raise DoneSinceError(_("The lesson was removed already."))
    if lesson.request_id != deployment.match.request_id:
        raise NotFoundError(_("There is no such lesson."))
    audit.record(work, Action.LESSON_REMOVED, lesson)
    work.session.delete(lesson)
    work.session.flush()


def _says(lesson: Lesson, content: LessonContent) -> bool:
    return all(getattr(lesson, name) == value for name, value in vars(content).items())


def _check(work: UnitOfWork, deployment: Deployment) -> None:
    if not rules.is_office_for(work.actor, deployment, Side.REQUESTER):
        raise ForbiddenError(
            _("Lessons are written by SEESAC, of missions that are not one's own.")
        )
    # Of several who write or remove the same at one moment one does.
    lock(work.session, deployment.match.request)


def _find_name(names: Iterable[str], text: str) -> str | None:
    """Return the part of a name that stands in a text, in whichever case, if one does."""
    words = set(re.findall(r"\w+", folded(text)))
    return next(
        (
            part
            for part in re.findall(r"\w+", " ".join(names))
            # A name can be spelled in more than one way, as with and without a “j”.
            if len(part) >= SHORTEST_NAME
            and any(_is_form(word, name) for name in folded(part).split() for word in words)
        ),
        None,
    )


def _is_form(word: str, name: str) -> bool:
    """Tell whether a word is a name, or one of its cases in the languages of the region."""
    if word == name:
        return True
    stem = name.rstrip("aeiouy")
    return len(stem) >= SHORTEST_NAME and word.startswith(stem) and word[len(stem) :] in _ENDINGS
