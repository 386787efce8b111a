"""Forms of joining, of one's own account, and of those who keep the accounts."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    SelectChoice,
    StringField,
    ValidationError,
)

from webapp.accounts.forms import address
from webapp.accounts.models import Account
from webapp.accounts.rules import in_one_form, password_faults, why_not_together
from webapp.core.forms.checks import Needed
from webapp.core.forms.fields import CheckboxesField, choice, given, line, named, person_name, text
from webapp.core.forms.page_forms import AddressForm, PageForm
from webapp.core.forms.step_forms import ReasonForm
from webapp.core.record.reasons import ReasonKind
from webapp.core.responses.template_filters import language_own_name
from webapp.core.roles import Role
from webapp.core.words.language import languages
from webapp.core.words.text_rules import without_blanks
from webapp.core.words.translation import _, gettext
from webapp.core.words.vocabularies import jurisdiction_choices
from webapp.membership.models import AccountRequest
from webapp.membership.queries import Standing
from webapp.membership.rules import LostFactor

# Why somebody who asks for an account gets none.
REFUSALS = (
    ReasonKind.NOT_CONFIRMED, ReasonKind.NO_OFFICIAL, ReasonKind.OUTSIDE, ReasonKind.HAS_ACCOUNT,
    ReasonKind.OTHER,
)  # fmt: skip
ADDRESS = _("E-mail address")
# What strangers may ask for an account for.
ASKING_AS = {
    Role.REQUESTER: _("Ask for experts, for a government or a UNDP office"),
    Role.EXPERT: _("Join the roster as an expert"),
}


def _own_names() -> list[SelectChoice]:
    """Return the languages, each named in itself, so that people find their own."""
    return [SelectChoice(code, language_own_name(code), {"lang": code}) for code in languages()]


def refusal_form(number: int) -> ReasonForm:
    """Return the form that asks why a request for an account is refused."""
    form = ReasonForm(
        _("Why the request is refused"),
        _("A mail with it goes to the address, in the language in which they have asked."),
        REFUSALS,
        prefix=f"refuse-{number}",
    )
    form.reason.description = _(
        "Needed for “another reason”. Your words stand in the mail, of which a copy is kept for"
        " half a year, and nowhere else."
    )
    return form


class UnansweredForm(PageForm):
    """Which requests for an account are deleted together, without a mail to anybody."""

    number = CheckboxesField(
        _("Requests that nobody has made"), id="unanswered", validate_choice=False
    )

    def validate_number(self, field: Field) -> None:
        """Refuse to delete nothing."""
        if not field.data:
            raise ValidationError(_("Please tick at least one request."))


def unanswered_form(requests: Iterable[AccountRequest]) -> UnansweredForm:
    """Return the form in which each of these can be ticked."""
    form = UnansweredForm()
    form.number.choices = [(str(asked.id), asked.name) for asked in requests]
    return form


class PasswordForm(PageForm):
    """A new password. `own` are texts about the person, which are no good as one."""

    password = PasswordField(
        _("New password"),
        description=_("At least 12 characters; four or five unrelated words make a good one."),
        validators=[Needed()],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, own: Iterable[str] = ()) -> None:
        super().__init__()
        self._own = list(own)

    def validate_password(self, field: Field) -> None:
        """Say what stands against the password."""
        for fault in password_faults(in_one_form(field.data), self._own):
            raise ValidationError(fault)


def _old_password() -> PasswordField:
    return PasswordField(
        _("Current password"),
        validators=[Needed()],
        render_kw={"autocomplete": "current-password"},
    )


class OwnPasswordForm(PasswordForm):
    """One's own new password, confirmed by the old one where there is one."""

    old_password = _old_password()

    def __init__(self, own: Iterable[str], *, has_password: bool) -> None:
        super().__init__(own)
        if not has_password:
            del self.old_password


class JoinForm(PasswordForm):
    """The answer to an invitation: how to sign in, in which language, and the consent."""

    language = choice(_("Language of pages and mails"), _own_names, required=True)
    consent = BooleanField(
        _("I have read the privacy notice and agree that my data are used as it says."),
        validators=[Needed(_("Without your consent there can be no account."))],
    )

    def choose_passkey(self) -> None:
        """Ask for no password: the person will sign in by a passkey."""
        del self.password


class ConsentForm(PageForm):
    """The consent to a privacy notice that has changed, or was never agreed to."""

    consent = BooleanField(
        _("I have read the privacy notice and agree that my data are used as it says."),
        validators=[Needed(_("Without your consent you cannot go on."))],
    )


class ForgottenForm(PageForm):
    """Where to send a link to a new password."""

    email = address(ADDRESS, own=True)


class AskForm(PageForm):
    """A stranger's request for an account, in one of the roles that may be asked for."""

    role = choice(_("What would you like to do?"), required=True)
    name = person_name(_("Your name"))
    email = address(_("Your e-mail address at work"), own=True)
    institution = line(_("Institution"), required=True)
    jurisdiction = choice(_("Jurisdiction"), jurisdiction_choices, required=True)
    reason = text(_("What do you want to ask the platform for?"), 2000, required=True)

    def __init__(self, roles: Sequence[Role]) -> None:
        super().__init__()
        self._roles = roles
        if len(roles) == 1:
            del self.role
        else:
            self.role.offer([(role.value, ASKING_AS[role]) for role in roles])
        if Role.REQUESTER not in roles:
            self.reason.label.text = _("What could you help others with?")

    @property
    def wanted(self) -> Role:
        """Return the role that is asked for; ask a form that is valid."""
        return self._roles[0] if self.role is None else Role(self.role.data)


def _stand_together(_form: PageForm, field: CheckboxesField) -> None:
    # The field itself has refused what is no role, and looks on.
    if why_not := why_not_together({role for role in Role if role.value in field.data}):
        raise ValidationError(str(why_not))


_STANDS_ALONE = _("Any number, but an administrator has no other role.")


class InviteForm(PageForm):
    """A person to be invited."""

    name = person_name(_("Name"))
    email = address(ADDRESS)
    roles = CheckboxesField(
        _("Roles"),
        description=_STANDS_ALONE,
        choices=[SelectChoice(role.value, role.label) for role in Role],
        validators=[Needed(_("Please choose one.")), _stand_together],
    )
    institution = line(_("Institution"), required=True)
    organisation = choice(
        _("Organisation"),
        hint=_(
            "For which authority an authority's official acts; requesters of one organisation read"
            " each other's requests and take them over."
        ),
    )
    jurisdiction = choice(
        _("Jurisdiction"), jurisdiction_choices, hint=_("Requesters, experts and authorities.")
    )
    language = choice(_("Language of the invitation"), _own_names, required=True)

    def __init__(self, organisations: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.organisation.offer(organisations)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse an official who would act for no authority, besides what each field refuses."""
        right = bool(super().validate(extra_validators))
        if self.organisation.data or Role.NOMINATING_AUTHORITY.value not in self.roles.data:
            return right
        self.organisation.errors = [
            gettext(
                "Please choose for which authority they act. Where it is not in the list, make it"
                " under “Organisations” first."
            )
        ]
        return False


class RolesForm(PageForm):
    """The roles of an account; `seen` holds those that it had when the form was opened."""

    roles = CheckboxesField(
        _("Roles"),
        description=_STANDS_ALONE,
        choices=[SelectChoice(role.value, role.label) for role in Role],
        validators=[Needed(_("An account needs at least one role.")), _stand_together],
    )
    seen = HiddenField()

    @classmethod
    def of(cls, account: Account) -> "RolesForm":
        """Return the form that shows the roles of an account."""
        held = [role.value for role in sorted(account.kinds)]
        return cls(formdata=None, roles=held, seen=",".join(held))

    @property
    def seen_roles(self) -> frozenset[str]:
        """Return the names of the roles that were shown; somebody may have none."""
        return frozenset(filter(None, (self.seen.data or "").split(",")))


class CorrectionForm(PageForm):
    """Where somebody works, as it should stand; `seen` is what stood there when it was opened."""

    institution = line(_("Institution"), required=True)
    jurisdiction = choice(_("Jurisdiction"), jurisdiction_choices)
    seen = HiddenField()


class ResetForm(PageForm):
    """Why somebody's second factor is taken off."""

    why = choice(_("Why it is taken off"), named(LostFactor), required=True)


class OwnAccountForm(PageForm):
    """What people may change of their own account without asking anybody; `seen` is the name that
    it had when the form was opened."""

    name = person_name(_("Name"))
    language = choice(_("Language of pages and mails"), _own_names, required=True)
    seen = HiddenField()


class NewAddressForm(PageForm):
    """One's own new address, confirmed by the password where there is one: a new password is sent
    to the address, so a session that somebody left open must not change it."""

    email = address(_("New e-mail address"), own=True)
    old_password = _old_password()

    def __init__(self, *, has_password: bool) -> None:
        super().__init__()
        if not has_password:
            del self.old_password


class CodeForm(PageForm):
    """A code that an application shows."""

    code = StringField(
        _("Code of six digits"),
        filters=[given(without_blanks)],
        validators=[Needed()],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class AccountsForm(AddressForm):
    """What the list of accounts is narrowed to."""

    search = line(_("Name, institution or e-mail"), 100)
    standing = choice(
        _("State"), [(one.value, one.label) for one in Standing], empty=_("Every state")
    )
    role = choice(_("Role"), [(role.value, role.label) for role in Role], empty=_("Every role"))


def own_texts(*texts: Any) -> list[str]:
    """Return what would be tried first as somebody's password."""
    return [str(one) for one in texts if one]
