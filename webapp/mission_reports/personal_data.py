"""What reports keep about the experts who were sent, and about those who write them."""

import sqlalchemy as sa

from webapp.core.record.personal_data import Fate, Rows, Rule, Whose, of_account, of_expert
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment, DeploymentState
from webapp.kept_texts import operations as kept_texts
from webapp.matches.models import Match
from webapp.mission_reports.content import AFTERWARDS, IN_WORDS
from webapp.mission_reports.models import (
    FollowUp,
    Judgement,
    Lesson,
    MissionEntry,
    MissionReport,
    MissionReportFile,
    Participants,
    Point,
)


def _missions(whose: Whose) -> sa.Select[int]:
    return (
        sa.select(Deployment.id)
        .join(Match, Match.id == Deployment.match_id)
        .where(of_expert(Match.expert_id)(whose))
    )


def _teams(whose: Whose) -> sa.Select[int]:
    """Return the requests for which this person went, or goes."""
    return (
        sa.select(Match.request_id)
        .join(Deployment, Deployment.match_id == Match.id)
        .where(
            of_expert(Match.expert_id)(whose),
            Deployment.state != DeploymentState.CANCELLED,
        )
    )


def _of_own_missions(whose: Whose) -> sa.ColumnElement[bool]:
    return sa.or_(
        MissionReport.deployment_id.in_(_missions(whose)),
        MissionReport.request_id.in_(_teams(whose)),
    )


def _sent_of_own_missions(whose: Whose) -> sa.ColumnElement[bool]:
    # What somebody writes and has not sent is theirs alone, until its expert is erased.
    return sa.and_(_of_own_missions(whose), MissionReport.sent_at.is_not(None))


def _files_of(reports: Rows) -> Rows:
    return lambda whose: MissionReportFile.report_id.in_(
        sa.select(MissionReport.id).where(reports(whose))
    )


def _rows_of(table: type[Point | Participants], reports: Rows) -> Rows:
    return lambda whose: table.report_id.in_(sa.select(MissionReport.id).where(reports(whose)))


def _judged(whose: Whose) -> sa.ColumnElement[bool]:
    was_sent = sa.exists().where(
        MissionReport.id == Judgement.report_id, MissionReport.sent_at.is_not(None)
    )
    return sa.and_(Judgement.deployment_id.in_(_missions(whose)), was_sent)


def _written(whose: Whose) -> sa.ColumnElement[bool]:
    own = sa.select(MissionReport.id).where(of_account(MissionReport.written_by)(whose))
    return Judgement.report_id.in_(own)


def _followed_up(whose: Whose) -> sa.ColumnElement[bool]:
    return sa.or_(
        FollowUp.deployment_id.in_(_missions(whose)), FollowUp.request_id.in_(_teams(whose))
    )


def _entries(whose: Whose) -> sa.ColumnElement[bool]:
    return MissionEntry.deployment_id.in_(_missions(whose))


def forget_typed(whose: Whose, work: UnitOfWork) -> None:
    """Delete what anybody typed of the missions of an expert who is erased, and has not saved; what
    is said of a whole team may have been typed on the page of any of it."""
    of_teams = sa.select(Deployment.id).join(Match, Match.id == Deployment.match_id)
    kept_texts.forget_under(
        work.session,
        *(f"/deployments/{number}/" for number in work.session.scalars(_missions(whose))),
        *(
            f"/deployments/{number}/reports/{page}"
            for number in work.session.scalars(of_teams.where(Match.request_id.in_(_teams(whose))))
            for page in ("requester", "follow-up")
        ),
    )


_GIVEN = {
    "deployment_id": _("mission"), "side": _("whose report"), "sent_at": _("sent on"),
    "reopened_at": _("given back on"), "saved_at": _("saved on"),
    "by_office": _("written down by SEESAC"), "done": _("what was done"),
    "women": _("women taking part"), "men": _("men taking part"),
    "institutions": _("where those who took part work"), "outputs": _("what remains"),
    "lacking": _("what was missing"), "rating": _("how it was, from 1 to 5"),
    "again": _("whether again"),
}  # fmt: skip
# A form that stands open is an old one then.
WORDLESS = {**dict.fromkeys(IN_WORDS, ""), "version": MissionReport.version + 1}
_WITHHELD = {
    "id": "It is the number of a row.", "written_by": "It may be another person.",
    "request_id": "It is the number of a row.", "version": "It counts changes of the row.",
}  # fmt: skip
_POINTS = {
    "kind": _("task or output"), "asked": _("what was asked for"), "said": _("what was done"),
}  # fmt: skip
_PARTICIPANTS = {
    "institution": _("institution"), "women": _("women taking part"), "men": _("men taking part"),
}  # fmt: skip
_NOT_ROWS = {"id": "It is the number of a row.", "report_id": "It is the number of a row."}
_NO_POINT, _NO_INSTITUTION = {"asked": "", "said": ""}, {"institution": ""}
_JUDGED = {
    "deployment_id": _("mission"), "rating": _("how it was, from 1 to 5"),
    "again": _("whether again"),
}  # fmt: skip
_NOT_JUDGED = {
    "id": "It is the number of a row.", "report_id": "It is the number of a row.",
}  # fmt: skip
_FILES = {
    "name": _("name"), "kind": _("kind"), "size": _("size"), "added_at": _("added on"),
}  # fmt: skip
_NOT_FILES = {
    "id": "It is the number of a row.", "report_id": "It is the number of a row.",
    "added_by": "It may be another person.", "digest": "It tells whether the content changed.",
    "content": "It can be saved from the page of the reports.",
}  # fmt: skip
_ANSWERS = {
    "deployment_id": _("mission"), "answered_at": _("answered on"),
    "by_office": _("written down by SEESAC"), "in_use": _("what is in use"),
    "changed": _("what has changed"), "wanted": _("what help would be wanted"),
}  # fmt: skip
_NOT_ANSWERS = {
    "id": "It is the number of a row.", "request_id": "It is the number of a row.",
    "written_by": "It may be another person.",
}  # fmt: skip
_STAYS = _("Numbers and ratings stay to be counted, without your name; what was written goes.")

RULES = (
    Rule(
        table=MissionReport, title=_("Reports on your missions"), rows=_sent_of_own_missions,
        erased=_of_own_missions, given=_GIVEN, withheld=_WITHHELD,
        fate=Fate.EMPTIED, emptied=WORDLESS, because=_STAYS,
    ),
    Rule(
        table=MissionReport, title=_("Reports on missions that you wrote"),
        rows=of_account(MissionReport.written_by), given=_GIVEN, withheld=_WITHHELD,
        fate=Fate.EMPTIED, emptied=WORDLESS, because=_STAYS,
    ),
    Rule(
        table=Point, title=_("What was done on your missions, task by task"),
        rows=_rows_of(Point, _sent_of_own_missions), erased=_rows_of(Point, _of_own_missions),
        given=_POINTS, withheld=_NOT_ROWS, fate=Fate.EMPTIED, emptied=_NO_POINT, because=_STAYS,
    ),
    Rule(
        table=Point, title=_("What you reported, task by task"),
        rows=_rows_of(Point, of_account(MissionReport.written_by)),
        given=_POINTS, withheld=_NOT_ROWS, fate=Fate.EMPTIED, emptied=_NO_POINT, because=_STAYS,
    ),
    Rule(
        table=Participants, title=_("Who took part in your missions, by institution"),
        rows=_rows_of(Participants, _sent_of_own_missions),
        erased=_rows_of(Participants, _of_own_missions), given=_PARTICIPANTS,
        withheld=_NOT_ROWS, fate=Fate.EMPTIED, emptied=_NO_INSTITUTION, because=_STAYS,
    ),
    Rule(
        table=Participants, title=_("Who took part, as you reported by institution"),
        rows=_rows_of(Participants, of_account(MissionReport.written_by)),
        given=_PARTICIPANTS, withheld=_NOT_ROWS,
        fate=Fate.EMPTIED, emptied=_NO_INSTITUTION, because=_STAYS,
    ),
    Rule(
        table=Judgement, title=_("How useful your help was, as requesters say"), rows=_judged,
        given=_JUDGED, withheld=_NOT_JUDGED, fate=Fate.KEPT, because=_STAYS,
    ),
    Rule(
        table=Judgement, title=_("How useful you said the help of experts was"), rows=_written,
        given=_JUDGED, withheld=_NOT_JUDGED, fate=Fate.KEPT, because=_STAYS,
    ),
    Rule(
        table=MissionReportFile, title=_("Files of reports on your missions"),
        rows=_files_of(_sent_of_own_missions), erased=_files_of(_of_own_missions),
        given=_FILES, withheld=_NOT_FILES, fate=Fate.DELETED,
    ),
    Rule(
        table=MissionReportFile, title=_("Files that you added to reports"),
        rows=of_account(MissionReportFile.added_by),
        given=_FILES, withheld=_NOT_FILES, fate=Fate.DELETED,
    ),
    Rule(
        table=MissionEntry, title=_("Missions that stand in your profile"), rows=_entries,
        given={"deployment_id": _("mission")},
        withheld={
            "id": "It is the number of a row.", "evidence_id": "It is the number of a row.",
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=FollowUp, title=_("What became of your missions"), rows=_followed_up,
        given=_ANSWERS, withheld=_NOT_ANSWERS,
        fate=Fate.EMPTIED, emptied=dict.fromkeys(AFTERWARDS, ""), because=_STAYS,
    ),
    Rule(
        table=FollowUp, title=_("What you said months after missions"),
        rows=of_account(FollowUp.written_by), given=_ANSWERS, withheld=_NOT_ANSWERS,
        fate=Fate.EMPTIED, emptied=dict.fromkeys(AFTERWARDS, ""), because=_STAYS,
    ),
    Rule(
        table=Lesson, title=_("Lessons of missions that you wrote"),
        rows=of_account(Lesson.written_by),
        given={
            "request_id": _("request"), "theme_code": _("theme"),
            "jurisdiction": _("jurisdiction"), "text": _("text"), "written_at": _("written on"),
        },
        withheld={
            "id": "It is the number of a row.", "written_by": "It is the number of a row.",
        },
        fate=Fate.KEPT, because=_("A lesson names nobody, and serves those who come after."),
    ),
)  # fmt: skip
