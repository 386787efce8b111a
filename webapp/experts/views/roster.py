"""What coordinators do with a profile: read it, and decide on its state."""

from functools import partial
from typing import Any

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts import queries as accounts
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.forms.step_forms import NOTHING_REFUSED, Offer, Refused, make_offers, take_sent
from webapp.core.record.disclosure import SINGLE, name_shown, shows
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import why_not_theirs
from webapp.experts import identities, operations, queries, rules, standing_queries
from webapp.experts.identity_workflow import IDENTITY_WORKFLOW
from webapp.experts.models import Expert
from webapp.experts.standing_workflow import ApprovalStep
from webapp.experts.views import bp, parts
from webapp.experts.views import standing_parts as standing
from webapp.experts.views.desks import Desk, why_colleagues
from webapp.experts.workflow import WORKFLOW

PROFILE: Message = _("the whole profile")


def show_page(
    expert: Expert,
    refused: Refused = NOTHING_REFUSED,
    forms: standing.StandingForms | None = None,
) -> Response:
    """Render a profile with its possible steps; what was refused keeps what was typed."""
    not_ours = why_not_theirs(actor(), rules.owners_of(expert)) or why_colleagues(actor(), expert)
    names = [
        name
        for name in WORKFLOW.possible(expert.state, actor(), rules.owners_of(expert))
        if WORKFLOW[name].by is Role.COORDINATOR and not not_ours
    ]
    approvals = list(standing_queries.list_approvals(db.session, expert.id))
    return render_form(
        "experts/show.html",
        refused.form or ActionForm(),
        expert=expert,
        offers=make_offers(WORKFLOW, names, expert.state, refused=refused),
        history=queries.list_steps_taken(db.session, expert),
        completeness=rules.completeness(expert, parts.is_in_english),
        own=rules.is_of(actor(), expert),
        not_ours=not_ours,
        identity_offers=[] if not_ours else _identity_offers(expert, refused),
        standing=forms or standing.forms_of(expert),
        approvals=approvals,
        approval_offers=standing.approval_offers(
            approvals, refused, ApprovalStep.RECORD_WITHDRAWAL
        ),
        questions=standing_queries.list_open_questions(db.session, expert.id),
        desk=_desk(expert, not_ours),
        **_written(expert),
        parts=parts.parts_of(expert),
        problem=refused.problem,
        typed=refused.typed,
    )


def _desk(expert: Expert, not_ours: Message | None) -> Desk | None:
    """Return where this person can write the profile for its expert, if they may."""
    if not_ours or rules.why_not_written(actor(), expert):
        return None
    return Desk(expert, is_own=False)


def _written(expert: Expert) -> dict[str, Any]:
    """Return when SEESAC last wrote in the profile, and who, unless its expert has confirmed it."""
    written = standing_queries.find_unconfirmed_writing(db.session, expert)
    names = accounts.get_names(db.session, [written.actor_id] if written else [])
    writer = names.get(written.actor_id or 0, _("an account that is gone")) if written else ""
    return {"written": written, "writer": writer}


def _identity_offers(expert: Expert, refused: Refused) -> list[Offer]:
    """Return what can be done with the change of who the expert is that waits, if one does."""
    change = expert.pending_identity
    if change is None:
        return []
    names = IDENTITY_WORKFLOW.possible(change.state, actor(), rules.owners_of(expert))
    return make_offers(IDENTITY_WORKFLOW, names, change.state, refused=refused)


@bp.get("/roster/<int:expert_id>")
@requires(Permission.ROSTER_READ)
@shows(PROFILE, SINGLE)
def show(expert_id: int) -> Response:
    """Show a whole profile; its owner is told who opened it and when."""
    if merge := standing_queries.find_merge(db.session, expert_id):
        # Old links and the log call it by the number of a profile that was joined with this one.
        return redirect(url_for("experts.show", expert_id=merge.expert_id))
    return show_page(queries.get(db.session, expert_id))


@bp.post("/roster/<int:expert_id>/<step>")
@requires(Permission.ROSTER_DECIDE)
@shows(PROFILE, SINGLE)
def take_step(expert_id: int, step: str) -> Response:
    """Take a step with a profile: screening, activating, suspending, reactivating."""
    expert = queries.get(db.session, expert_id)
    name = WORKFLOW.find(step) or abort(404)
    if WORKFLOW[name].by is not Role.COORDINATOR:
        abort(404)
    seen = request.form.get("version", -1, type=int)
    take = partial(operations.take, unit_of_work(), expert, name, seen_version=seen)
    said = {"name": name_shown(expert)}
    if refused := take_sent(WORKFLOW, name, expert.state, take, said=said):
        return show_page(expert, refused)
    return redirect(url_for("experts.show", expert_id=expert.id))


@bp.post("/roster/<int:expert_id>/identity/<step>")
@requires(Permission.ROSTER_DECIDE)
@shows(PROFILE, SINGLE)
def decide_identity(expert_id: int, step: str) -> Response:
    """Confirm, or refuse with a reason, who the expert now says to be."""
    expert = queries.get(db.session, expert_id)
    change = queries.get_identity_change(db.session, expert_id)
    name = IDENTITY_WORKFLOW.find(step) or abort(404)
    seen = request.form.get("version", -1, type=int)
    take = partial(identities.take, unit_of_work(), change, name, seen_version=seen)
    said = {"name": name_shown(expert)}
    if refused := take_sent(IDENTITY_WORKFLOW, name, change.state, take, said=said):
        return show_page(expert, refused)
    return redirect(url_for("experts.show", expert_id=expert.id))
