"""Steps as pages offer them: a button, a reason to give, or a page that asks first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask import flash
from wtforms import Field, ValidationError

from webapp.core import clock
from webapp.core.errors import ConflictError
from webapp.core.forms.fields import choice, day, given_day, line, text
from webapp.core.forms.page_forms import PageForm
from webapp.core.record.reasons import (
    COMMENT_ONLY,
    NEED_DAYS,
    NEED_TEXT,
    OF_ONESELF,
    Grounds,
    ReasonKind,
    Source,
)
from webapp.core.roles import Role
from webapp.core.transactions import insist, roll_back
from webapp.core.words.text_rules import has_words
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import REASON, Step, StepName, Workflow

IN_WORDS = _("In your own words")
WHAT_TO_WRITE = _(
    "Needed for “another reason”. Please nothing of health or family; it can be removed from the"
    " record later."
)


class CommentForm(PageForm):
    """A reason that is all words; the page says to whom it will be told."""

    reason = text(REASON, 2000, required=True)

    def __init__(self, question: Message, hint: Message, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.label.text, self.reason.description = question, hint

    @property
    def grounds(self) -> Grounds:
        """Return what was sent."""
        return Grounds(ReasonKind.COMMENT, self.reason.data or "")

    @property
    def typed(self) -> str:
        """Return all that was written, for a page on which there is no form for it any more."""
        return self.reason.data or ""


class ReasonForm(PageForm):
    """A reason from a list, and words beside it that can be removed from the record later."""

    kind = choice(REASON, required=True)
    first_day = day(_("Possible from"), 2000, 5, hint=_("Needed if other days would be possible."))
    last_day = day(_("Possible until"), 2000, 5)
    said_by = line(_("Who said or signed it"), required=True)
    said_on = day(_("On which day it was said"), 2000, 0, required=True)
    letter = line(_("Number of the letter"), 100)
    letter_day = day(_("Day of the letter"), 2000, 0)
    reason = text(IN_WORDS, 2000, hint=WHAT_TO_WRITE)

    def __init__(
        self,
        question: Message,
        hint: Message,
        kinds: Iterable[ReasonKind],
        *,
        asks_source: bool = False,
        of_oneself: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.kind.label.text, self.kind.description = question, hint
        words = OF_ONESELF if of_oneself else {}
        self.kind.offer([(kind.value, words.get(kind, kind.label)) for kind in kinds])
        if NEED_DAYS.isdisjoint(kinds):
            del self.first_day, self.last_day
        if not asks_source:
            del self.said_by, self.said_on, self.letter, self.letter_day

    def validate_reason(self, field: Field) -> None:
        """Refuse a kind that says nothing by itself without words."""
        if self.kind.data in NEED_TEXT and not has_words(field.data or ""):
            raise ValidationError(_("Please say it in words: the list does not."))

    def validate_last_day(self, field: Field) -> None:
        """Refuse a kind that tells of days without them, and days in the wrong order."""
        if self.kind.data not in NEED_DAYS:
            return
        first, last = self.first_day.data, field.data
        if first is None or last is None:
            raise ValidationError(_("Please give the first and the last day that are possible."))
        if last < first:
            raise ValidationError(_("The last day is before the first."))

    def validate_said_on(self, field: Field) -> None:
        """Refuse a day that is still to come."""
        if field.data and field.data > clock.today():
            raise ValidationError(_("This day is still to come."))

    validate_letter_day = validate_said_on

    @property
    def grounds(self) -> Grounds:
        """Return what was sent; ask a form that is valid."""
        kind, days = ReasonKind(self.kind.data), None
        if kind in NEED_DAYS:
            days = (given_day(self.first_day), given_day(self.last_day))
        return Grounds(kind, self.reason.data or "", days, self._source)

    @property
    def _source(self) -> Source | None:
        if "said_by" not in self:
            return None
        return Source(
            self.said_by.data or "",
            given_day(self.said_on),
            self.letter.data or "",
            self.letter_day.data,
        )

    @property
    def typed(self) -> str:
        """Return all that was written, for a page on which there is no form for it any more."""
        names = ("said_by", "said_on", "letter", "letter_day", "reason")
        written = (self[name].data for name in names if name in self)
        return "\n".join(str(one) for one in written if one)


AnyReasonForm: TypeAlias = CommentForm | ReasonForm


@dataclass(frozen=True)
class Offer:
    """A step as a page offers it: at once, with its reason, or by way of a page that asks first."""

    name: StepName
    step: Step[Any]
    form: AnyReasonForm | None
    asks_first: bool


@dataclass(frozen=True)
class Refused:
    """A step that was sent and refused: what the page shows again.

    `form` holds the reason and its messages if those were refused. Otherwise `problem` says what
    stands against the step itself, and `typed` is the reason that had been written for it.
    """

    name: StepName | None = None
    form: AnyReasonForm | None = None
    problem: str = ""
    typed: str = ""


NOTHING_REFUSED = Refused()


def reason_form(
    workflow: Workflow[Any, Any], name: StepName, state: Any, prefix: str = ""
) -> AnyReasonForm | None:
    """Return the form that asks for the reason of a step, if it needs one from this state."""
    step = workflow[name]
    return _form_of(step, prefix or name.slug) if state in step.needs_reason else None


def _form_of(step: Step[Any], prefix: str) -> AnyReasonForm:
    if step.reasons == COMMENT_ONLY:
        return CommentForm(step.question, step.hint, prefix=prefix)
    return ReasonForm(
        step.question, step.hint, step.reasons, asks_source=step.asks_source,
        of_oneself=step.by is Role.EXPERT, prefix=prefix,
    )  # fmt: skip


def take_sent(
    workflow: Workflow[Any, Any],
    name: StepName,
    state: Any,
    take: Callable[[Grounds | None], None],
    *,
    said: Mapping[str, str],
    prefix: str = "",
) -> Refused | None:
    """Give the reason that was sent to `take`; return what was refused, or None if it was done.

    What the step says after it is flashed, with the facts of `said`. A step that needs no reason
    gets none, whatever was sent with it. A refusal forgets all that had begun, so that the page
    that is drawn next shows what is stored. What `insists` does not lose to others' locks.
    """
    form = reason_form(workflow, name, state, prefix)
    if form and not form.validate_on_submit():
        return Refused(name, form)
    grounds = form.grounds if form else None
    try:
        if workflow[name].insists:
            insist(lambda: take(grounds))
        else:
            take(grounds)
    except ConflictError as error:
        roll_back()
        return Refused(name, problem=str(error), typed=_typed(workflow, name, prefix))
    if done := workflow[name].done:
        flash(str(done % said))
    return None


def _typed(workflow: Workflow[Any, Any], name: StepName, prefix: str) -> str:
    """Return what was written, also where the step does not need it any more."""
    return _form_of(workflow[name], prefix or name.slug).typed


def make_offers(
    workflow: Workflow[Any, Any],
    names: Iterable[StepName],
    state: Any,
    *,
    refused: Refused = NOTHING_REFUSED,
    prefix: str = "",
) -> list[Offer]:
    """Return these steps as a page offers them; the one that was refused keeps what was typed.

    `prefix` tells the fields of several things on one page apart.
    """
    return [
        Offer(
            name,
            workflow[name],
            refused.form
            if refused.form and refused.name is name
            else reason_form(workflow, name, state, prefix),
            state in workflow[name].asks_first,
        )
        for name in names
    ]
