"""Pages of one's own data: what is kept, a copy of it, and erasing it."""

import json
from http import HTTPStatus

from flask import Blueprint, make_response, render_template
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.accounts import sessions
from webapp.accounts.models import Account
from webapp.accounts.sign_in import fresh, shown_anew
from webapp.core import clock, in_hands
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.files.pdf import make_pdf
from webapp.core.forms.file_fields import attachment
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit
from webapp.core.record import personal_data
from webapp.core.record.disclosure import shows
from webapp.core.record.personal_data import Fate, Rule, Whose
from webapp.core.transactions import begin_anew, roll_back, writes_late
from webapp.core.words.translation import _
from webapp.experts import persons, viewers
from webapp.experts import queries as experts
from webapp.experts import rules as profiles
from webapp.experts import standing_queries as standing
from webapp.my_data import operations
from webapp.my_data.forms import EraseForm

bp = Blueprint("my_data", __name__, url_prefix="/my-data", template_folder="templates")
COPIES = Limit("copies of one's own data", "10/hour")
COPY = _("a copy of what is kept about its reader")
# Of each kind so many rows are printed: more would take longer to lay out than anybody waits, and
# nobody reads them on paper. The copy for machines has all.
MOST_PRINTED = 100
# So many files with somebody's data stand on the page; the copy has what each was for.
LATEST_FILES = 20


def _own() -> Account:
    return db.session.get_one(Account, current_user.id)


@bp.get("")
@requires(Permission.SIGNED_IN)
@fresh
def show() -> str:
    """Show of each kind of data how much is kept, and what erasing would do to it."""
    who = persons.whose(db.session, _own())
    profile = experts.find_of_account(db.session, _own())
    keeps_it = profile and profiles.is_own(actor(), profile)
    return render_template(
        "my_data/show.html", kept=_kept(who), profile=profile, Fate=Fate, keeps_it=keeps_it,
        taken=viewers.list_taken(db.session, profile, LATEST_FILES) if profile and keeps_it else (),
        may_return=profile and keeps_it and standing.find_ending(db.session, profile).has_left,
    )  # fmt: skip


def _kept(who: Whose, *, after_erasing: bool = False) -> list[tuple[Rule, int]]:
    """Return the rules by which rows are kept, and how many; or only those of which some stay."""
    rules = (one for one in personal_data.all_rules() if one.because or not after_erasing)
    counted = ((rule, personal_data.count(db.session, rule, who)) for rule in rules)
    return [(rule, number) for rule, number in counted if number]


@bp.post("/copy")
@requires(Permission.SIGNED_IN)
@shows(COPY, COPIES)
@shown_anew
def copy() -> Response:
    """Give a copy of everything, for machines."""
    work = unit_of_work()
    found = operations.as_json(work, operations.copy(work, _own()))
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return attachment(text.encode(), "application/json", "my-data.json")


@bp.post("/document")
@requires(Permission.SIGNED_IN)
@shows(COPY, COPIES)
@shown_anew
@writes_late
def document() -> Response:
    """Give a copy of everything, to be read and printed."""
    found = operations.gather(db.session, _own())
    page = render_template(
        "my_data/copy.html", sections=found, made_at=clock.now(), most=MOST_PRINTED
    )
    made = make_pdf(page)
    begin_anew()
    sessions.hold()
    operations.note_copy(unit_of_work(), _own())
    return attachment(made, "application/pdf", "my-data.pdf")


@bp.route("/erase", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
@shown_anew
def erase() -> Response:
    """Ask whether somebody wants to be erased, and erase them."""
    form = EraseForm()
    if not form.validate_on_submit():
        return _question(form)
    try:
        operations.erase(unit_of_work(), _own())
    except ConflictError as error:
        roll_back()
        return _question(form, problem=str(error))
    sessions.forget()
    return make_response(render_template("my_data/erased.html"), HTTPStatus.OK)


def _question(form: EraseForm, problem: str = "") -> Response:
    staying = _kept(persons.whose(db.session, _own()), after_erasing=True)
    return render_form(
        "my_data/erase.html", form, problem=problem,
        in_hands=in_hands.of(db.session, current_user.id),
        stays=[rule for rule, _number in staying],
    )  # fmt: skip
