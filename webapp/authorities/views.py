"""The pages of nominating authorities; another authority's officials are not found on them."""

from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.authorities import nominations
from webapp.authorities.forms import LetterFileForm, ListForm, ReleaseForm
from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.files.stored_files import LARGEST_FILE
from webapp.core.files.tables import MOST_BYTES, MOST_ROWS, BadTableError, read_table
from webapp.core.forms.fields import given_day
from webapp.core.forms.file_fields import download
from webapp.core.forms.page_forms import ActionForm, PageForm, render_form, seen_version
from webapp.core.forms.step_forms import (
    NOTHING_REFUSED,
    Refused,
    make_offers,
    take_sent,
)
from webapp.core.limits import Limit, limited
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, SINGLE, name_shown, note, shows
from webapp.core.roles import Role
from webapp.core.transactions import begin_anew, roll_back, takes_file, writes_late
from webapp.core.words.translation import Message, _, gettext, ngettext
from webapp.deployments import queries as deployments
from webapp.experts import approvals, joining, operations, queries, rules, standing_queries
from webapp.experts.models import Expert
from webapp.experts.standing_forms import ApprovalForm, NominationForm
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW, ApprovalStep
from webapp.experts.views.standing_parts import NOMINATIONS, approval_offers, prefix_of
from webapp.experts.workflow import WORKFLOW
from webapp.matches import amended, candidates, departures, releases
from webapp.matches import operations as matches
from webapp.matches import rules as match_rules
from webapp.matches.forms import seen_days
from webapp.matches.models import Match
from webapp.matches.seen import written_days
from webapp.matches.workflow import WORKFLOW as MATCHES
from webapp.matches.workflow import MatchStep
from webapp.organisations import queries as organisations
from webapp.organisations.models import Organisation

bp = Blueprint("authorities", __name__, template_folder="templates")

OFFICIALS = _("a list of officials for their nominating authority")
OFFICIAL = _("an official for the nominating authority")
MISSION = _("a mission of an official for the nominating authority")
RELEASE = _("a release asked of the nominating authority")
LISTS_OF_OFFICIALS = Limit("lists of officials", "20/hour")
# An authority is told so long before an approval ends that it can renew it in time.
SOON = timedelta(days=60)


def _authority() -> Organisation | None:
    """Return the authority for which this person acts, if an administrator has said which."""
    number = actor().organisation_id
    return organisations.get(db.session, number) if number else None


@bp.get("/officials")
@requires(Permission.OFFICIALS_KEEP)
@shows(OFFICIALS, LISTS)
def index() -> Response:
    """Show what waits for the authority, and all of its officials."""
    asked = releases.list_asked(db.session, actor())
    return render_form(
        "authorities/index.html",
        ActionForm(),
        authority=_authority(),
        days={match.id: amended.days_told(match) for match in asked},
        waiting=[match for match in asked if match_rules.awaits_release(match)],
        answered=[match for match in asked if not match_rules.awaits_release(match)],
        missions=deployments.list_of_officials(db.session, actor()),
        ending=standing_queries.list_ending(db.session, actor(), clock.today() + SOON),
        unapproved=standing_queries.list_unapproved(db.session, actor()),
        page=standing_queries.list_officials(
            db.session, actor(), page_number(request.args.get("page"))
        ),
    )


@bp.get("/officials/<int:expert_id>")
@requires(Permission.OFFICIALS_KEEP)
@shows(OFFICIAL, SINGLE)
def official(expert_id: int) -> Response:
    """Show one official: who it is, the approvals, and what the authority can do."""
    return _official_page(standing_queries.get_official(db.session, actor(), expert_id))


def _official_page(
    expert: Expert, refused: Refused = NOTHING_REFUSED, form: ApprovalForm | None = None
) -> Response:
    rows = standing_queries.list_own_approvals(db.session, expert)
    rival = candidates.why_rival(db.session, actor(), expert)
    owners = rules.owners_of(expert)
    names = [
        name
        for name in WORKFLOW.possible(expert.state, actor(), owners)
        if WORKFLOW[name].by is Role.NOMINATING_AUTHORITY and not rival
    ]
    return render_form(
        "authorities/official.html",
        refused.form or form or ActionForm(),
        expert=expert,
        own=rules.is_of(actor(), expert),
        not_ours=APPROVAL_WORKFLOW.why_not(ApprovalStep.GRANT, actor(), owners) or rival,
        approvals=rows,
        approval_form=form or ApprovalForm.fresh(),
        approval_offers={} if rival else approval_offers(rows, refused, ApprovalStep.WITHDRAW),
        offers=make_offers(WORKFLOW, names, expert.state, refused=refused),
        history=queries.list_steps_taken(db.session, expert),
        problem=refused.problem,
        typed=refused.typed,
    )


@bp.post("/officials/<int:expert_id>/approvals")
@requires(Permission.OFFICIALS_KEEP)
@shows(OFFICIAL, SINGLE)
def approve(expert_id: int) -> Response:
    """Approve an official, or approve them for longer."""
    expert = standing_queries.get_official(db.session, actor(), expert_id)
    form = ApprovalForm(prefix="approval")
    if not form.validate_on_submit():
        return _official_page(expert, form=form)
    try:
        approvals.grant(unit_of_work(), expert, ApprovalStep.GRANT, form.content())
    except ConflictError as error:
        roll_back()
        return _official_page(expert, Refused(problem=str(error)), form)
    flash(gettext("%(name)s is approved.", name=name_shown(expert)))
    return redirect(url_for("authorities.official", expert_id=expert_id))


@bp.post("/officials/<int:expert_id>/approvals/<int:number>/withdraw")
@requires(Permission.OFFICIALS_KEEP)
@shows(OFFICIAL, SINGLE)
def withdraw(expert_id: int, number: int) -> Response:
    """Withdraw an approval, with a reason."""
    expert = standing_queries.get_official(db.session, actor(), expert_id)
    row = standing_queries.get_own_approval(db.session, expert, number)
    name = ApprovalStep.WITHDRAW

    def take(why: Any) -> None:
        approvals.withdraw(unit_of_work(), row, name, why)

    said = {"name": name_shown(expert)}
    if refused := take_sent(
        APPROVAL_WORKFLOW, name, row.state, take, said=said, prefix=prefix_of(row)
    ):
        return _official_page(expert, refused)
    return redirect(url_for("authorities.official", expert_id=expert_id))


@bp.post("/officials/<int:expert_id>/<step>")
@requires(Permission.OFFICIALS_KEEP)
@shows(OFFICIAL, SINGLE)
def take_step(expert_id: int, step: str) -> Response:
    """Take a step with an official: take a nomination back."""
    expert = standing_queries.get_official(db.session, actor(), expert_id)
    name = WORKFLOW.find(step) or abort(404)
    if WORKFLOW[name].by is not Role.NOMINATING_AUTHORITY:
        abort(404)
    take = partial(operations.take, unit_of_work(), expert, name)
    said = {"name": name_shown(expert)}
    if refused := take_sent(WORKFLOW, name, expert.state, take, said=said):
        return _official_page(expert, refused)
    return redirect(url_for("authorities.official", expert_id=expert_id))


@bp.route("/officials/nominate", methods=["GET", "POST"])
@requires(Permission.OFFICIALS_KEEP)
@limited(NOMINATIONS)
def nominate() -> Response:
    """Nominate an official, and approve them at once if the form says until when."""
    authority = _authority()
    form = NominationForm(
        institution=authority.name if authority else "",
        jurisdiction=authority.jurisdiction if authority else None,
    )
    if not form.validate_on_submit():
        return render_form("authorities/nominate.html", form, authority=authority)
    try:
        expert = joining.nominate(unit_of_work(), form.content(), form.approval())
    except ConflictError as error:
        roll_back()
        return render_form(
            "authorities/nominate.html", form, authority=authority, problem=str(error)
        )
    flash(gettext("%(name)s is nominated, and SEESAC has been told.", name=name_shown(expert)))
    return redirect(url_for("authorities.official", expert_id=expert.id))


@bp.route("/officials/nominate-list", methods=["GET", "POST"])
@requires(Permission.OFFICIALS_KEEP)
@limited(LISTS_OF_OFFICIALS)
@writes_late
@takes_file(MOST_BYTES)
def nominate_list() -> Response:
    """Nominate all officials of a CSV file, or none of them; or only check the file."""
    authority, form = _authority(), ListForm()
    page = partial(
        render_form,
        "authorities/nominate_list.html",
        authority=authority,
        columns=nominations.list_columns(),
        most_rows=MOST_ROWS,
        most_kilobytes=MOST_BYTES // 1000,
    )
    if not form.validate_on_submit():
        return page(form)
    try:
        rows = nominations.read_rows(
            read_table(_sent_bytes(form)), authority.jurisdiction if authority else None
        )
    except BadTableError as error:
        form.file.errors = [str(error)]
        return page(form)
    faults = nominations.find_faults(rows)
    only_check = request.form.get("act") == "check"
    if faults or only_check:
        return _with_faults(page, form, faults, checked=None if faults else len(rows))
    begin_anew()
    made, refused = nominations.nominate_all(unit_of_work(), rows)
    if refused:
        roll_back()
        return _with_faults(page, form, refused)
    flash(
        ngettext(
            "%(num)s official is nominated, and SEESAC has been told.",
            "%(num)s officials are nominated, and SEESAC has been told.",
            len(made),
        )
    )
    return redirect(url_for("authorities.index"))


def _sent_bytes(form: ListForm) -> bytes:
    sent = request.files.get(form.file.name)
    data = sent.read(MOST_BYTES + 1) if sent else b""
    if not data:
        raise BadTableError(_("Please choose a CSV file."))
    return data


def _with_faults(
    page: Any, form: PageForm, faults: list[nominations.Fault], checked: int | None = None
) -> Response:
    """Show what stands against a list, or that nothing does; nothing was changed either way."""
    answer: Response = page(
        form,
        faults=faults[: nominations.MOST_FAULTS],
        more=max(0, len(faults) - nominations.MOST_FAULTS),
        checked=checked,
    )
    if checked is not None:
        answer.status_code = 200
    return answer


@bp.get("/officials/missions/<int:deployment_id>")
@requires(Permission.OFFICIALS_KEEP)
@shows(MISSION, SINGLE)
def mission(deployment_id: int) -> str:
    """Show the mission of an official: when, where, for what, and how it stands."""
    found = deployments.get_of_official(db.session, actor(), deployment_id)
    return render_template(
        "authorities/mission.html",
        deployment=found,
        match=found.match,
        official=match_rules.is_official_yet(found.match),
    )


@bp.get("/releases/<int:match_id>")
@requires(Permission.OFFICIALS_KEEP)
@shows(RELEASE, SINGLE)
def release(match_id: int) -> Response:
    """Show for which mission an official is asked for, and what can be answered."""
    return _release_page(releases.get_asked(db.session, actor(), match_id))


def _release_page(
    match: Match, form: ReleaseForm | None = None, refused: Refused = NOTHING_REFUSED,
    letter_form: LetterFileForm | None = None,
) -> Response:  # fmt: skip
    not_ours = releases.why_not_answered_by(db.session, actor(), match)
    possible = departures.list_possible_steps(db.session, match, actor(), Role.NOMINATING_AUTHORITY)
    days = amended.days_told(match)
    names = [] if not_ours else possible
    release, refuse = MatchStep.RELEASE, MatchStep.REFUSE_RELEASE
    waits = match_rules.awaits_release(match)
    letter, file = releases.find_letter(db.session, match), releases.find_file(db.session, match)
    return render_form(
        "authorities/release.html",
        refused.form or form or letter_form or ActionForm(),
        match=match,
        expertise_request=match.request,
        own=rules.is_of(actor(), match.expert),
        not_ours=not_ours if waits or (letter and not file) else None,
        adds_letter=not not_ours,
        official=match_rules.is_official_yet(match),
        others_now=releases.are_others_now(db.session, match),
        days=days,
        written_days=written_days(match),
        covered_by=approvals.list_covering(db.session, match.expert, *days),
        can_answer=release in names,
        release_form=form or ReleaseForm(prefix="letter"),
        release_step=MATCHES[release],
        refusal=make_offers(MATCHES, [refuse], match.state, refused=refused)[0]
        if refuse in names
        else None,
        letter=letter,
        letter_days=releases.find_other_days(letter, match),
        file=file,
        letter_form=letter_form or LetterFileForm(prefix="signed"),
        problem=refused.problem,
        typed=refused.typed,
    )


@bp.post("/releases/<int:match_id>/release")
@requires(Permission.OFFICIALS_KEEP)
@shows(RELEASE, SINGLE)
@takes_file(LARGEST_FILE)
def give_release(match_id: int) -> Response:
    """Release an official for a mission, by a letter."""
    match = releases.get_asked(db.session, actor(), match_id)
    form = ReleaseForm(prefix="letter")
    if not form.validate_on_submit():
        return _release_page(match, form)
    letter = releases.LetterContent(
        form.number.data, given_day(form.dated), form.conditions.data or "", form.file.content
    )
    try:
        releases.release(
            unit_of_work(),
            match,
            letter,
            seen_terms=seen_version(),
            seen_days=seen_days(MatchStep.RELEASE),
        )
    except ConflictError as error:
        roll_back()
        return _release_page(match, form, Refused(problem=str(error)))
    return _answered(match, MatchStep.RELEASE)


@bp.get("/releases/<int:match_id>/letter")
@requires(Permission.OFFICIALS_KEEP)
@shows(RELEASE, SINGLE)
def letter(match_id: int) -> Response:
    """Give back the signed letter of a release."""
    match = releases.get_asked(db.session, actor(), match_id)
    note(db.session, match.expert.tells_of)
    return download(releases.get_file(db.session, match))


@bp.post("/releases/<int:match_id>/letter")
@requires(Permission.OFFICIALS_KEEP)
@shows(RELEASE, SINGLE)
@takes_file(LARGEST_FILE)
def add_letter(match_id: int) -> Response:
    """Take the signed letter of a release that was given by its number."""
    match = releases.get_asked(db.session, actor(), match_id)
    form = LetterFileForm(prefix="signed")
    if not form.validate_on_submit():
        return _release_page(match, letter_form=form)
    releases.add_file(unit_of_work(), match, form.file.content)
    flash(gettext("The letter is added. SEESAC reads it."))
    return redirect(url_for("authorities.release", match_id=match_id))


@bp.post("/releases/<int:match_id>/refuse-the-release")
@requires(Permission.OFFICIALS_KEEP)
@shows(RELEASE, SINGLE)
def refuse_release(match_id: int) -> Response:
    """Refuse to release an official for a mission, with a reason."""
    match = releases.get_asked(db.session, actor(), match_id)
    name = MatchStep.REFUSE_RELEASE
    take = partial(matches.take, unit_of_work(), match, name, seen_days=seen_days(name))
    said = {"name": name_shown(match.expert)}
    if refused := take_sent(MATCHES, name, match.state, take, said=said):
        return _release_page(match, refused=refused)
    return redirect(url_for("authorities.release", match_id=match_id))


def _answered(match: Match, name: MatchStep) -> Response:
    done: Message | None = MATCHES[name].done
    if done is not None:
        flash(str(done % {"name": name_shown(match.expert)}))
    return redirect(url_for("authorities.release", match_id=match.id))
