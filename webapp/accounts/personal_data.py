"""What accounts keep about a person, and what erasing does to it."""

from webapp.accounts.models import ERASED, Account, AccountSession, MailChoice, Passkey
from webapp.core.record.personal_data import Fate, Rule, Whose, of_account
from webapp.core.words.translation import _

_KEY = "It lets somebody in; a copy of it would be a key that lies about."
_NUMBER = "It is the number of a row, and says nothing."


def _gone_address(whose: Whose) -> str:
    """Return an address at which nobody is reached, as `Account.is_erased` knows it."""
    return f"erased-{whose.account_id}{ERASED}"


RULES = (
    Rule(
        table=Account,
        title=_("Your account"),
        rows=of_account(Account.id),
        given={
            "id": _("number"), "email": _("e-mail address"), "name": _("name"),
            "institution": _("institution"), "jurisdiction": _("jurisdiction"),
            "language": _("language"), "mail_choice": _("choice of mails"),
            "active": _("may be used"), "created_at": _("made on"), "joined_at": _("joined on"),
            "password_set_at": _("password set on"), "last_sign_in_at": _("last entered on"),
            "consent_version": _("agreed to this version of the privacy notice"),
            "consented_at": _("agreed on"), "tf_primary_method": _("second factor"),
            "place_left_at": _("a role or an organisation left on"),
        },
        withheld={
            "search_text": "It is name and institution once more, folded for the search.",
            "password": _KEY, "tf_totp_secret": _KEY, "tf_last_counter": _KEY,
            "mf_recovery_codes": _KEY, "fs_uniquifier": _KEY,
            "fs_webauthn_user_handle": _KEY, "organisation_id": _NUMBER,
            "tf_phone_number": "It is always empty.", "demo": "It is false for everybody real.",
        },
        fate=Fate.EMPTIED,
        emptied={
            "email": _gone_address, "name": lambda whose: whose.pseudonym, "password": "",
            "institution": "", "jurisdiction": None, "organisation_id": None, "language": None,
            "mail_choice": MailChoice.NEVER, "active": False, "password_set_at": None,
            "last_sign_in_at": None, "place_left_at": None,
            "consent_version": None, "consented_at": None,
            "tf_primary_method": None, "tf_totp_secret": None, "tf_last_counter": None,
            "mf_recovery_codes": None, "fs_webauthn_user_handle": None,
            "search_text": lambda whose: whose.pseudonym,
        },
        because=_(
            "The number stays, so that the log can be read: it says what was done, not who you are."
        ),
    ),
    Rule(
        table=Passkey,
        title=_("Your passkeys"),
        rows=of_account(Passkey.user_id),
        given={
            "name": _("name"), "device_type": _("kind of device"), "usage": _("use"),
            "lastuse_datetime": _("last used on"),
        },
        withheld={
            "id": _NUMBER, "user_id": _NUMBER, "credential_id": _KEY, "public_key": _KEY,
            "sign_count": _KEY, "transports": _KEY, "backup_state": _KEY,
            "extensions": _KEY,
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=AccountSession,
        title=_("Where you are signed in"),
        rows=of_account(AccountSession.account_id),
        given={
            "created_at": _("signed in on"), "last_seen_at": _("last request on"),
            "address": _("network address"), "browser": _("browser"),
        },
        withheld={"id": _NUMBER, "account_id": _NUMBER, "token_hash": _KEY},
        fate=Fate.DELETED,
    ),
)  # fmt: skip
