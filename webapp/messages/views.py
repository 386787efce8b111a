"""Views of notices, and of the health of jobs and mail."""

from collections.abc import Iterable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.accounts import operations as accounts
from webapp.accounts.models import Account, MailChoice
from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.forms.page_forms import ActionForm, render_form, say_done
from webapp.core.job_runs import list_jobs
from webapp.core.monitoring import room
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, note, shows
from webapp.core.record.stored_words import people_in
from webapp.core.roles import Role
from webapp.core.words.translation import _, gettext, ngettext
from webapp.messages import alarms, operations, pulse, queries
from webapp.messages.forms import MailForm, ReadForm
from webapp.messages.letters import NOTICES_PAGE
from webapp.messages.models import OutboxMessage
from webapp.messages.rules import (
    HEALTH_PAGE,
    KEPT_HOSTS,
    REFUSALS_SHOWN,
    running_hosts,
    silent_hosts,
)
from webapp.platform_settings.queries import get_settings

bp = Blueprint("messages", __name__, template_folder="templates")
NOTICES = _("the notices")


@bp.get(NOTICES_PAGE)
@requires(Permission.SIGNED_IN)
@shows(NOTICES, LISTS)
def notices() -> Response:
    """Show this person's notices, newest first, and which mails they get."""
    return _notices_page(MailForm(mail_choice=_reader().mail_choice))


def _reader() -> Account:
    return db.session.get_one(Account, current_user.id)


def _notices_page(form: MailForm) -> Response:
    page = queries.list_notices(db.session, actor(), page_number(request.args.get("page")))
    for notice in page.items:
        note(db.session, *people_in(notice.words))
    return render_form(
        "messages/notices.html",
        form,
        months_until_dormant=_months_until_dormant(),
        page=page,
        newest=queries.find_newest(db.session, current_user.id),
        unread=queries.count_unread(db.session, current_user.id),
    )


def _months_until_dormant() -> int | None:
    """Return after how many months the profile of an expert rests; others have none."""
    is_expert = Role.EXPERT in actor().roles
    return get_settings(db.session).dormant_after_months if is_expert else None


@bp.post("/notices/<int:notice_id>/open")
@requires(Permission.SIGNED_IN)
def open_notice(notice_id: int) -> Response:
    """Note that a notice is read, and lead to what it is about."""
    notice = queries.get_notice(db.session, actor(), notice_id)
    operations.mark_read(unit_of_work(), notice)
    return redirect(notice.path)


@bp.post("/notices/read")
@requires(Permission.SIGNED_IN)
@shows(NOTICES, LISTS)
def read_all() -> Response:
    """Note that this person has read all notices that they have seen."""
    form = ReadForm()
    if not form.validate_on_submit():
        return _notices_page(MailForm(formdata=None, mail_choice=_reader().mail_choice))
    operations.mark_all_read(unit_of_work(), form.newest.data)
    return redirect(url_for("messages.notices"))


@bp.post("/notices/mail")
@requires(Permission.SIGNED_IN)
@shows(NOTICES, LISTS)
def choose_mail() -> Response:
    """Keep which mails this person wants."""
    form = MailForm()
    if not form.validate_on_submit():
        return _notices_page(form)
    accounts.choose_mail(unit_of_work(), _reader(), MailChoice(form.mail_choice.data))
    flash(gettext("Your choice of mails is kept."))
    return redirect(url_for("messages.notices"))


@bp.get(HEALTH_PAGE)
@requires(Permission.HEALTH_READ)
@shows(_("the page of jobs and mail"), LISTS)
def health() -> str:
    """Show how jobs and mail stand, and what failed for good."""
    now, hosts = clock.now(), pulse.list_hosts(db.session)
    return render_template(
        "messages/health.html",
        form=ActionForm(),
        now=now,
        here=pulse.here(),
        running=running_hosts(now, hosts),
        silent=silent_hosts(now, hosts),
        days_until_forgotten=KEPT_HOSTS.days,
        figures=queries.get_figures(db.session, now),
        jobs=list_jobs(db.session),
        room=room.look(),
        refused_at=room.refused_since(db.session, now - REFUSALS_SHOWN),
        page=queries.list_given_up(db.session, page_number(request.args.get("page"))),
    )


@bp.post("/health/hosts/<host>/forget")
@requires(Permission.HEALTH_READ)
def forget_host(host: str) -> Response:
    """Forget a host that was taken away."""
    forget = partial(alarms.forget, unit_of_work(), host)
    say_done(forget, gettext("The host %(host)s is forgotten.", host=host))
    return redirect(url_for("messages.health"))


@bp.post("/health/mails/<int:message_id>/again")
@requires(Permission.HEALTH_READ)
def try_again(message_id: int) -> Response:
    """Let a mail that was given up be tried again."""
    return _try_again([queries.get_message(db.session, message_id)])


@bp.post("/health/mails/again")
@requires(Permission.HEALTH_READ)
def try_all_again() -> Response:
    """Let all mails that were given up be tried again."""
    return _try_again(queries.list_all_given_up(db.session))


def _try_again(messages: Iterable[OutboxMessage]) -> Response:
    count = operations.try_again(unit_of_work(), messages)
    flash(ngettext("%(num)s mail is tried again.", "%(num)s mails are tried again.", count))
    return redirect(url_for("messages.health"))
