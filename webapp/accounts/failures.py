"""What was tried in vain at the door: the log tells of it, though the request changes nothing."""

from flask_security import current_user

from webapp.accounts.models import Account
from webapp.core.access import stranger_s_work, unit_of_work
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.transactions import roll_back, transaction


def note_failure(account_id: int | None) -> None:
    """Write down that a sign-in to an account failed, or to one that does not exist.

    A wrong code after the right password counts, and so does a wrong password by which somebody who
    is signed in was to show who they are. What the request has begun is rolled back.
    """
    roll_back()
    with transaction() as writing:
        # No account has the number 0: one that does not exist is looked for as one that does.
        account = writing.get(Account, account_id or 0)
        work = unit_of_work() if current_user.is_authenticated else stranger_s_work()
        audit.record(work, Action.SIGN_IN_FAILED, account or Account)
