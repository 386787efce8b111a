"""What was sent after a session had ended, as its writer's own data."""

from webapp.core.record.personal_data import Fate, Rule, of_account
from webapp.core.words.translation import _
from webapp.kept_texts.models import KeptText

RULES = (
    Rule(
        table=KeptText,
        title=_("Texts that you wrote and did not save yet"),
        rows=of_account(KeptText.account_id),
        given={
            "created_at": _("sent on"), "path": _("the page it was sent to"),
            "without_session": _("sent after the session had ended"),
        },
        withheld={
            "id": "It is the number of a row.", "account_id": "It is the number of a row.",
            "token_hash": "It lets somebody in.",
            "ciphertext": "It is encrypted, and the page it was written on gives it back.",
        },
        fate=Fate.DELETED,
    ),
)  # fmt: skip
