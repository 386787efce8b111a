"""Forms about a place on the roster: approvals, nominations, contact, consent, questions."""

from datetime import timedelta
from typing import Any

from wtforms import BooleanField, Field, ValidationError

from webapp.accounts.forms import address
from webapp.core import clock
from webapp.core.forms.checks import Needed
from webapp.core.forms.fields import MISSIONS, choice, day, given_day, line, person_name, text
from webapp.core.forms.page_forms import EditForm, PageForm
from webapp.core.forms.step_forms import ReasonForm
from webapp.core.forms.telephones import refuse_undialled
from webapp.core.words.translation import _
from webapp.core.words.vocabularies import jurisdiction_choices
from webapp.experts.approvals import Wanted
from webapp.experts.joining import Nominee
from webapp.experts.wording import SECTIONS
from webapp.experts.workflow import HOW_SAID

USUAL_APPROVAL = timedelta(days=730)


class ApprovalForm(PageForm):
    """From when to when somebody may be sent, and for what."""

    starts = day(_("Approved from"), *MISSIONS, required=True)
    until = day(_("Approved until"), *MISSIONS, required=True, hint=_("The last day included."))
    scope = text(
        _("For what"),
        1000,
        hint=_(
            "Such as themes, kinds of missions, or places; empty for every mission. Coordinators"
            " read it before they choose."
        ),
    )

    @classmethod
    def fresh(cls, prefix: str = "approval") -> Any:
        """Return the form with the days of a usual approval, from today on."""
        today = clock.today()
        return cls(starts=today, until=today + USUAL_APPROVAL, prefix=prefix)

    def validate_until(self, field: Field) -> None:
        """Refuse an end before the beginning, and one that is past."""
        if field.data and self.starts.data and field.data < self.starts.data:
            raise ValidationError(_("The last day lies before the first one."))
        if field.data and field.data < clock.today():
            raise ValidationError(_("The last day is past, so nothing would be approved."))

    def content(self) -> Wanted:
        """Return what was written, as the operation takes it."""
        return Wanted(given_day(self.starts), given_day(self.until), self.scope.data or "")


class LetterApprovalForm(ApprovalForm):
    """An approval that came by letter."""

    letter = line(
        _("Number and day of the letter"),
        required=True,
        hint=_("Such as: 05/2-118 of 3 November 2026."),
    )

    def content(self) -> Wanted:
        """Return what was written, as the operation takes it."""
        plain = super().content()
        return Wanted(plain.starts, plain.until, plain.scope, self.letter.data)


class NomineeForm(PageForm):
    """Who is put forward for the roster, and how they are reached."""

    name = person_name(_("Name"), hint=_("As it stands in the passport or service card."))
    post = line(_("Post"))
    rank = line(_("Rank"), 100)
    institution = line(_("Institution"))
    jurisdiction = choice(_("Jurisdiction"), jurisdiction_choices)
    contact_email = address(
        _("E-mail address"),
        hint=_("SEESAC invites them by it to keep the profile themselves."),
        required=False,
    )
    telephone = line(_("Telephone"), 40, hint=_("Needed where there is no e-mail address."))

    def validate_telephone(self, field: Field) -> None:
        """Refuse somebody whom nobody could reach."""
        refuse_undialled(field)
        if not field.data and not self.contact_email.data:
            raise ValidationError(
                _("Please give an e-mail address or a telephone number, or nobody can ask them.")
            )

    def content(self) -> Nominee:
        """Return what was written, as the operation takes it."""
        return Nominee(
            name=self.name.data,
            post=self.post.data or "",
            rank=self.rank.data or "",
            institution=self.institution.data or "",
            jurisdiction=self.jurisdiction.data,
            contact_email=self.contact_email.data or "",
            telephone=self.telephone.data or "",
        )


class AddForm(NomineeForm):
    """Somebody whom a coordinator adds to the roster."""

    authority = choice(
        _("Nominating authority"),
        hint=_("Whose official it is; who has none needs no approval."),
        empty=_("None"),
    )


class NominationForm(NomineeForm):
    """An official whom an authority nominates; approved at once where it says until when."""

    approved_until = day(
        _("Approved until"),
        *MISSIONS,
        hint=_("Leave empty to approve later; nobody is sent without an approval."),
    )
    scope = text(_("For what"), 1000, hint=_("Themes, kinds of missions, or places; or empty."))

    def validate_approved_until(self, field: Field) -> None:
        """Refuse an end that is past."""
        if field.data and field.data < clock.today():
            raise ValidationError(_("The last day is past, so nothing would be approved."))

    def approval(self) -> Wanted | None:
        """Return the approval that was written, if one was."""
        if self.approved_until.data is None:
            return None
        return Wanted(clock.today(), self.approved_until.data, self.scope.data or "")


class ContactForm(EditForm):
    """Whose official the expert is, and how they are reached without an account."""

    authority = choice(
        _("Nominating authority"),
        hint=_("Another authority has to approve the expert anew before they are ranked."),
        empty=_("None"),
    )
    contact_email = address(
        _("E-mail address"), hint=_("For the invitation to an account."), required=False
    )
    telephone = line(_("Telephone"), 40)


class QuestionForm(PageForm):
    """What is asked of one section of a profile."""

    section = choice(_("Section"), list(SECTIONS.items()), required=True)
    comment = text(
        _("What is missing"), 2000, required=True, hint=_("The expert reads it at the section.")
    )


class ConsentForm(PageForm):
    """The consent to be on the roster."""

    consent = BooleanField(
        _("I agree to be on the roster, and that my profile is used as it says above."),
        validators=[Needed(_("Without your consent you cannot be on the roster."))],
    )


def note_consent_form() -> ReasonForm:
    """Return the form that asks how somebody without an account has agreed."""
    return ReasonForm(
        _("How the expert has agreed to be on the roster"),
        _("For experts without an account. Kept in the record."),
        HOW_SAID,
        prefix="consent",
    )
