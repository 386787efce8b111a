"""Pages of the things that a mission needs: each is seen to by whose it is."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, NotFoundError
from webapp.core.files.stored_files import LARGEST_FILE
from webapp.core.forms.file_fields import download
from webapp.core.forms.page_forms import ActionForm, EditForm, render_form, seen_version
from webapp.core.forms.step_forms import CommentForm
from webapp.core.record.disclosure import SINGLE, note, people_to_choose, shows
from webapp.core.transactions import roll_back, takes_file
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.language import current_language
from webapp.core.words.translation import Message, _
from webapp.deployments.models import Deployment
from webapp.expertise_requests.forms import HandlingForm
from webapp.expertise_requests.waiting import Side
from webapp.matches import releases
from webapp.matches.rules import Days
from webapp.mission_checklists import handling, operations, queries, rules, undone
from webapp.mission_checklists.content import RISK_VERSION, risk_in
from webapp.mission_checklists.forms import ConsentForm, DoneForm
from webapp.mission_checklists.models import NeedKind
from webapp.mission_checklists.rules import Entry

bp = Blueprint(
    "mission_checklists", __name__, url_prefix="/deployments/<int:deployment_id>/checklist",
    template_folder="templates",
)  # fmt: skip
CHECKLIST = _("what a mission needs")
KINDS = ", ".join(kind.value for kind in NeedKind)
ONE = f"/<any({KINDS}):kind>"
WHY_NOT_NEEDED = _("Why the mission does not need it")
READ_BY_OFFICE = _("Such as: there is no visa between the two jurisdictions.")


def _entry(deployment_id: int, kind: str) -> Entry:
    return queries.get(db.session, actor(), deployment_id, NeedKind(kind))


@bp.get(ONE)
@requires(Permission.MISSION_PREPARE)
@shows(CHECKLIST, SINGLE)
def show(deployment_id: int, kind: str) -> Response:
    """Show a thing that a mission needs, and what can be done about it."""
    return _page(_entry(deployment_id, kind))


@bp.post(f"{ONE}/done")
@requires(Permission.MISSION_PREPARE)
@shows(CHECKLIST, SINGLE)
@takes_file(LARGEST_FILE)
def settle(deployment_id: int, kind: str) -> Response:
    """Tick a thing off, with its file if one is sent."""
    entry = _entry(deployment_id, kind)
    form = DoneForm(entry.need)
    if not form.validate_on_submit():
        return _page(entry, done=form)
    file = form.file.content if form.file else None
    return _act(
        entry,
        partial(operations.settle, kind=entry.need.kind, file=file, seen_version=form.version.data),
        _("It is noted that this is done: %(what)s."),
        done=form,
    )


@bp.post("/consent/sign")
@requires(Permission.PROFILE_EDIT)
@shows(CHECKLIST, SINGLE)
def sign(deployment_id: int) -> Response:
    """Sign the consent to the risk of one's own mission."""
    entry, form = _entry(deployment_id, NeedKind.CONSENT), ConsentForm()
    if not form.validate_on_submit():
        return _page(entry, consent=form)
    sign_seen = partial(
        operations.sign,
        read=form.read,
        seen_version=form.version.data,
    )
    # Whoever has read another text begins anew.
    return _act(entry, sign_seen, _("Your consent is signed."), consent=ConsentForm(formdata=None))


@bp.post(f"{ONE}/not-needed")
@requires(Permission.MATCH_DECIDE)
@shows(CHECKLIST, SINGLE)
def leave_out(deployment_id: int, kind: str) -> Response:
    """Note with a reason that a mission does not need something."""
    entry, form = _entry(deployment_id, kind), _leave_out_form()
    if not form.validate_on_submit():
        return _page(entry, left_out=form)
    return _act(
        entry,
        partial(
            operations.leave_out,
            kind=entry.need.kind,
            why=form.grounds,
            seen_version=seen_version(),
        ),
        _("It is noted that this is not needed: %(what)s."),
        left_out=form,
    )


@bp.post(f"{ONE}/open")
@requires(Permission.MISSION_PREPARE)
@shows(CHECKLIST, SINGLE)
def reopen(deployment_id: int, kind: str) -> Response:
    """Open a thing again."""
    entry, form = _entry(deployment_id, kind), ActionForm()
    if not form.validate_on_submit():
        return _page(entry)
    open_again = partial(operations.reopen, kind=entry.need.kind)
    return _act(entry, open_again, _("This is open again: %(what)s."))


@bp.post(f"{ONE}/hand-over")
@requires(Permission.MISSION_PREPARE)
@shows(CHECKLIST, SINGLE)
def hand_over(deployment_id: int, kind: str) -> Response:
    """Let somebody of one's side see to a thing."""
    entry = _entry(deployment_id, kind)
    form = _handing_form(entry)
    if not form.validate_on_submit():
        return _page(entry, handed=form)
    give = partial(
        handling.hand_over,
        kind=entry.need.kind,
        person_id=int(form.person.data),
        seen=form.seen_id,
    )
    return _act(entry, give, _("It is noted who sees to this: %(what)s."))


@bp.get(f"{ONE}/file")
@requires(Permission.MISSION_PREPARE)
@shows(CHECKLIST, SINGLE)
def file(deployment_id: int, kind: str) -> Response:
    """Give the file of a thing to those for whom it is meant."""
    entry = _entry(deployment_id, kind)
    side = rules.side_of(actor(), entry.deployment)
    if side is None or not entry.shows_file(side) or entry.item is None or not entry.item.file:
        raise NotFoundError(_("There is no such file."))
    note(db.session, entry.deployment.match.expert.tells_of)
    return download(entry.item.file)


def _act(
    entry: Entry, act: Callable[[UnitOfWork, Deployment], None], said: Message, **sent: Any
) -> Response:
    """Do something about a thing, or show its page with what was refused and what was `sent`."""
    try:
        act(unit_of_work(), entry.deployment)
    except ConflictError as error:
        roll_back()
        for form in sent.values():
            if isinstance(form, EditForm):  # What is sent next is in view of what has changed.
                form.version.data = entry.deployment.version
        return _page(entry, str(error), **sent)
    flash(str(said % {"what": entry.need.kind}))
    return redirect(_mission_of(entry))


def _leave_out_form() -> CommentForm:
    return CommentForm(WHY_NOT_NEEDED, READ_BY_OFFICE, prefix="not-needed")


def _handing_form(entry: Entry, *, new: bool = False) -> HandlingForm:
    """Return a form that offers those who can see to a thing, where there are several."""
    able = handling.list_able(db.session, actor(), entry)
    given = {"person": str(entry.owner_id or actor().id), "seen": str(entry.owner_id or "")}
    form = HandlingForm(formdata=None, data=given) if new else HandlingForm()
    form.person.label.text = _("Who of your side")
    form.person.offer(people_to_choose((one.id, one) for one in able))
    return form


def _mission_of(entry: Entry) -> str:
    """Return the page of a mission on which this person reads its checklist."""
    official = rules.side_of(actor(), entry.deployment) is Side.AUTHORITY
    endpoint = "authorities.mission" if official else "deployments.show"
    return url_for(endpoint, deployment_id=entry.deployment.id, _anchor="checklist")


def _other_days_of_letter(entry: Entry) -> Days | None:
    """Return the days of the letter of a release that is open as that is for others, if so."""
    if entry.need.kind is not NeedKind.RELEASE or not entry.is_open:
        return None
    match = entry.deployment.match
    return releases.find_other_days(releases.find_letter(db.session, match), match)


def _page(
    entry: Entry, problem: str = "", *, done: DoneForm | None = None,
    consent: ConsentForm | None = None, left_out: CommentForm | None = None,
    handed: HandlingForm | None = None,
) -> Response:  # fmt: skip
    """Render a thing as it stands, with the form that was refused, if one was."""
    reader, mission, match = actor(), entry.deployment, entry.deployment.match
    entry = _entry(mission.id, entry.need.kind)
    side = rules.side_of(reader, mission)
    acts, signs = rules.can_act(reader, entry) and entry.is_open, rules.signs(reader, entry)
    stands, is_consent = {"version": mission.version}, entry.need.kind is NeedKind.CONSENT
    can_leave_out = rules.can_leave_out(reader, entry)
    can_hand = len(handling.list_able(db.session, reader, entry)) > 1
    awaits_release = entry.is_open and rules.is_release_asked_anew(entry)
    settles = acts and not (signs or awaits_release)
    forms: dict[str, DoneForm | ConsentForm | CommentForm | HandlingForm | None] = {
        "done": (done or DoneForm(entry.need, data=stands)) if settles else None,
        "consent": (consent or ConsentForm(data=stands)) if acts and signs else None,
        "left_out": (left_out or _leave_out_form()) if can_leave_out else None,
        "handed": (handed or _handing_form(entry, new=True)) if can_hand else None,
    }
    known = queries.get_risk_known(db.session, mission) if is_consent else None
    if known and isinstance(signed := forms["consent"], ConsentForm):
        signed.show_text(known)
    # A form that nobody can send here any more is not shown, and neither is what was wrong in it.
    refused = next((form for form in forms.values() if form and form.errors), ActionForm())
    return render_form(
        "mission_checklists/show.html",
        refused,
        problem=problem,
        entry=entry,
        deployment=mission,
        back=_mission_of(entry),
        office=side is Side.OFFICE,
        owner=queries.list_owners(db.session, [entry]).get(entry),
        shows_file=side is not None and entry.shows_file(side),
        signs=signs,
        undone=undone.find(db.session, entry.item),
        released_for=match.released_start and (match.released_start, match.released_end)
        if awaits_release
        else None,
        letter_days=_other_days_of_letter(entry),
        can_reopen=rules.can_reopen(reader, entry),
        security=queries.get_said_of_security(db.session, actor(), mission) if is_consent else None,
        is_consent=is_consent,
        risk_text=risk_in(current_language(), known).splitlines() if known else [],
        risk_version=RISK_VERSION,
        **forms,
    )
