"""The parts of pages about a place on the roster: their forms, and what can be done there."""

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.core.access import actor
from webapp.core.db import db
from webapp.core.forms.step_forms import Offer, ReasonForm, Refused, make_offers
from webapp.core.limits import Limit
from webapp.experts import rules
from webapp.experts.models import Expert
from webapp.experts.standing_forms import (
    ContactForm,
    LetterApprovalForm,
    QuestionForm,
    note_consent_form,
)
from webapp.experts.standing_tables import Approval
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW, ApprovalStep
from webapp.organisations import queries as organisations

# Each puts a mail to an address that somebody wrote, and one to each coordinator; a list of many is
# one form, and has a limit of its own.
NOMINATIONS = Limit("people put forward, one by one", "10/minute; 60/hour")


@dataclass
class StandingForms:
    """The forms of a profile's page about its place on the roster."""

    approval: LetterApprovalForm
    contact: ContactForm
    question: QuestionForm
    consent: ReasonForm


def forms_of(expert: Expert) -> StandingForms:
    """Return the forms, with what is stored where the page was only opened."""
    contact = ContactForm(
        prefix="contact",
        version=expert.version,
        authority=str(expert.authority_id or ""),
        contact_email=expert.contact_email,
        telephone=expert.telephone,
    )
    contact.authority.offer(organisations.list_authorities(db.session, expert.authority_id))
    return StandingForms(
        LetterApprovalForm.fresh(), contact, QuestionForm(prefix="question"), note_consent_form()
    )


def approval_offers(
    rows: Iterable[Approval], refused: Refused, of: ApprovalStep
) -> dict[int, list[Offer]]:
    """Return, by approval, what this person can do with it by the step `of`."""
    return {
        row.id: make_offers(
            APPROVAL_WORKFLOW,
            [
                name
                for name in APPROVAL_WORKFLOW.possible(
                    row.state, actor(), rules.owners_of_approval(row)
                )
                if name is of
            ],
            row.state,
            refused=refused,
            prefix=prefix_of(row),
        )
        for row in rows
    }


def prefix_of(row: Approval) -> str:
    """Return what tells the fields of this approval from those of others on a page."""
    return f"approval-{row.id}"
