"""What experts do about their own place on the roster: begin, agree, answer, leave."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts import queries as accounts
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.forms.step_forms import NOTHING_REFUSED, CommentForm, take_sent
from webapp.core.record.reasons import Grounds
from webapp.core.words.translation import gettext
from webapp.experts import joining, operations, queries, questions, rules, standing_queries
from webapp.experts.standing_forms import ConsentForm
from webapp.experts.standing_workflow import QUESTION_WORKFLOW, QuestionStep
from webapp.experts.views import bp
from webapp.experts.workflow import WORKFLOW, ExpertStep


@bp.route("/profile/consent", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def consent() -> Response:
    """Agree to be on the roster; who has no profile yet begins it by that."""
    expert = queries.find_own(db.session, actor())
    if expert is not None and expert.consented_at is not None:
        return redirect(url_for("experts.profile"))
    form = ConsentForm()
    if not form.validate_on_submit():
        return render_form("experts/consent.html", form, expert=expert)
    if expert is None:
        account = accounts.get_account(db.session, int(actor().id or 0))
        joining.begin_own(unit_of_work(), account)
    else:
        joining.consent(unit_of_work(), expert)
    flash(gettext("Thank you. You agree to be on the roster."))
    return redirect(url_for("experts.profile"))


@bp.route("/profile/leave", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def leave() -> Response:
    """Ask whether to leave the roster, and leave it; who keeps no profile any more may, too."""
    expert, form = queries.get_own(db.session, actor()), ActionForm()
    name, keeps_it = ExpertStep.LEAVE, rules.is_own(actor(), expert)
    back = url_for("experts.profile" if keeps_it else "my_data.show")
    page: dict[str, Any] = {"step": WORKFLOW[name], "back": back, "keeps_it": keeps_it}
    if expert.state not in WORKFLOW[name].sources:
        return redirect(back)
    if not form.validate_on_submit():
        return render_form("experts/leave.html", form, **page)

    def take(_why: Any) -> None:
        operations.take(unit_of_work(), expert, name)

    if refused := take_sent(WORKFLOW, name, expert.state, take, said={"name": expert.name}):
        return render_form("experts/leave.html", form, **page, problem=refused.problem)
    return redirect(back)


@bp.route("/profile/ask-again", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def ask_again() -> Response:
    """Say what has changed since SEESAC kept the expert off the roster, and ask it to look anew."""
    expert, name = queries.get_own(db.session, actor()), ExpertStep.ASK_AGAIN
    ending = standing_queries.find_ending(db.session, expert)
    if request.method == "GET" and not ending.may_ask_again:
        return redirect(url_for("experts.profile"))
    refused = NOTHING_REFUSED
    if request.method == "POST":

        def take(why: Grounds | None) -> None:
            joining.ask_again(unit_of_work(), expert, why)

        sent = take_sent(WORKFLOW, name, expert.state, take, said={"name": expert.name})
        if sent is None:
            return redirect(url_for("experts.profile"))
        refused = sent
        # Who has asked already, in another window, is screened: the last step is their own.
        ending = standing_queries.find_ending(db.session, expert)
    decided = queries.find_line(db.session, ending.event if ending.may_ask_again else None)
    form = refused.form or CommentForm(
        WORKFLOW[name].question, WORKFLOW[name].hint, prefix=name.slug
    )
    return render_form(
        "experts/ask_again.html",
        form,
        step=WORKFLOW[name],
        decided=decided,
        problem=refused.problem,
        typed=refused.typed,
    )


@bp.post("/profile/questions/<int:number>/answer")
@requires(Permission.PROFILE_EDIT)
def answer_question(number: int) -> Response:
    """Say that what SEESAC asked for stands in the profile now."""
    expert, form = queries.get_own(db.session, actor()), ActionForm()
    row = standing_queries.get_question(db.session, expert, number)
    if form.validate_on_submit():

        def take(_why: Any) -> None:
            questions.take(unit_of_work(), row, QuestionStep.ANSWER)

        said = {"name": expert.name}
        refused = take_sent(QUESTION_WORKFLOW, QuestionStep.ANSWER, row.state, take, said=said)
        if refused:
            flash(refused.problem, "error")
    return redirect(url_for("experts.profile"))
