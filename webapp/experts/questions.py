"""What SEESAC asks an expert to add to the profile, section by section, while it is vetted."""

from webapp.core.db import lock
from webapp.core.errors import ConflictError
from webapp.core.record import audit, reasons
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.experts import rules, standing_queries
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import ProfileQuestion
from webapp.experts.standing_workflow import QUESTION_WORKFLOW, QuestionStep
from webapp.experts.telling import tell


def ask(work: UnitOfWork, expert: Expert, section: str, text: str) -> ProfileQuestion:
    """Ask for more in one section, in words that the expert reads there.

    Refuses in words: one's own profile, one that is not being vetted, the same asked already.
    """
    lock(work.session, expert)
    step = QUESTION_WORKFLOW.check_person(QuestionStep.ASK, work.actor, rules.owners_of(expert))
    if expert.state is not ExpertState.SCREENING:
        raise ConflictError(
            _("More is asked for while a profile is screened; this one is “%(state)s”.",
              state=expert.state)
        )  # fmt: skip
    text = text.strip()
    for row in standing_queries.list_open_questions(work.session, expert.id):
        if (row.section, row.reason.text) == (section, text):
            raise ConflictError(_("This is asked already, and waits for the expert."))
    reason = reasons.keep(work, Grounds(ReasonKind.COMMENT, text), expert.tells_of)
    row = ProfileQuestion(
        expert_id=expert.id, section=section, state=step.target, state_since=work.now, reason=reason
    )
    work.session.add(row)
    work.session.flush()
    audit.record(
        work, QUESTION_WORKFLOW.action(QuestionStep.ASK), row, reason=reason, expert_id=expert.id,
        section=section,
    )  # fmt: skip
    tell(work, expert, step.tells, None, reason=reason)
    return row


def take(work: UnitOfWork, row: ProfileQuestion, name: QuestionStep) -> None:
    """Answer what was asked, as the expert, or ask for it no more, as a coordinator, who answers
    for somebody without an account as well."""
    expert = row.expert
    lock(work.session, expert, row)
    if name is QuestionStep.ANSWER_FOR:
        rules.refuse_writing(work.actor, expert)
    before = row.state
    step = QUESTION_WORKFLOW.check(name, before, work.actor, None, rules.owners_of(expert))
    row.state, row.state_since = step.target, work.now
    work.session.flush()
    audit.record(
        work, QUESTION_WORKFLOW.action(name), row, expert_id=expert.id, section=row.section
    )
    tell(work, expert, step.tells, before, reason=row.reason)
