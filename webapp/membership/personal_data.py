"""What the ways into an account keep about a person."""

from webapp.core.record.personal_data import Fate, Rule, of_account, of_address
from webapp.core.words.translation import _
from webapp.membership.models import AccountLink, AccountRequest

RULES = (
    Rule(
        table=AccountLink,
        title=_("Links that were sent to you"),
        rows=of_account(AccountLink.account_id),
        given={
            "purpose": _("purpose"), "email": _("e-mail address"), "created_at": _("sent on"),
            "expires_at": _("good until"),
        },
        withheld={
            "id": "It is the number of a row.", "account_id": "It is the number of a row.",
            "token_hash": "It lets somebody in.",
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=AccountRequest,
        title=_("Your request for an account"),
        rows=of_address(AccountRequest.email),
        given={
            "email": _("e-mail address"), "name": _("name"), "institution": _("institution"),
            "jurisdiction": _("jurisdiction"), "language": _("language"),
            "reason": _("what you wrote"), "role": _("role"),
            "created_at": _("asked on"),
        },
        withheld={"id": "It is the number of a row."},
        fate=Fate.DELETED,
    ),
)  # fmt: skip
