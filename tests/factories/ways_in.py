"""Links that mails have brought, and people who are on their way into their accounts."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from tests.factories.matching import match
from tests.factories.people import account, work
from tests.factories.roster import expert
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account, Passkey
from webapp.core import clock
from webapp.core.ciphers import hash_of
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.experts import confirmations, operations
from webapp.experts.contents import Confirmer
from webapp.experts.models import ExpertState
from webapp.experts.workflow import ExpertStep
from webapp.matches import invitation_links
from webapp.matches.models import MatchState
from webapp.membership import links
from webapp.membership.models import LinkPurpose


@dataclass
class WaysIn:
    """`by_mail` are addresses that need no sign-in; `new_address` is opened by whose it is.

    `guarded` is asked for a passkey or a code of an application after the password, and `coded` for
    a code. A `newcomer` has agreed to nothing yet, and an expert who was `invited` has not agreed
    to stand on the roster; an expert who was `refused` may ask again. The account of somebody
    `disabled` is closed.
    """

    by_mail: list[str]
    new_address: str
    guarded: Account
    coded: Account
    newcomer: Account
    invited: Account
    refused: Account
    disabled: Account


def ways_in(session: Session, requester: Account) -> WaysIn:
    """Make links of each kind, and people who are not quite in."""
    guarded = _guarded(session)
    asked = account(session, Role.REQUESTER, password=None)
    invited = account(session, Role.EXPERT)
    expert(
        session, person=invited, state=ExpertState.SCREENING, consented_at=None,
        consent_version=None,
    )  # fmt: skip
    token = _link(session, requester, LinkPurpose.NEW_ADDRESS, "another@example.org")
    return WaysIn(
        by_mail=[
            f"/join/{_link(session, asked, LinkPurpose.INVITATION)}",
            f"/password/{_link(session, guarded, LinkPurpose.NEW_PASSWORD)}",
            *_of_experts(session),
        ],
        new_address=f"/account/e-mail/{token}",
        guarded=guarded,
        coded=_with_codes(session, account(session, Role.REQUESTER)),
        newcomer=account(session, Role.REQUESTER, demo=False),
        invited=invited,
        refused=_refused(session),
        disabled=_disabled(session),
    )


def _of_experts(session: Session) -> list[str]:
    """Ask one expert by mail whether the profile is true, whether they are free, and somebody else
    whether an entry is true."""
    keeper = account(session, Role.EXPERT)
    # Asked since the profile was confirmed, also where the clock stands still.
    confirmed = clock.now() - timedelta(days=1)
    mine = expert(session, person=keeper, last_confirmed_at=confirmed)
    entry = mine.evidence[0]
    somebody = Confirmer("Vera Primer", "Fictional Academy", "vera@example.org")
    confirmations.ask(work(session, keeper), mine, entry, somebody, seen_version=mine.version)
    assert entry.confirmation
    # What was drawn stands in the mail alone.
    entry.confirmation.token_hash = hash_of("of-vera")
    mine.asked_at = clock.now()
    invited = match(session, MatchState.INVITED, expert=mine)
    invited.reply_by = clock.today() + timedelta(days=9)
    return [
        f"/still-true/{_link(session, keeper, LinkPurpose.STILL_TRUE)}",
        "/confirm-evidence/of-vera",
        invitation_links.make(work(session), invited),
    ]


def _refused(session: Session) -> Account:
    asking = account(session, Role.EXPERT)
    profile = expert(session, person=asking, state=ExpertState.SCREENING)
    why = Grounds(ReasonKind.NOT_CONFIRMED)
    operations.take(work(session), profile, ExpertStep.REFUSE, why)
    return asking


def _disabled(session: Session) -> Account:
    closed = account(session, Role.REQUESTER)
    accounts.disable(work(session), closed)
    return closed


def _link(session: Session, person: Account, purpose: LinkPurpose, email: str = "") -> str:
    return links.make(work(session), person, purpose, email or person.email)


def _guarded(session: Session) -> Account:
    """Make somebody with all ways in."""
    person = _with_codes(session, account(session, Role.REQUESTER))
    person.fs_webauthn_user_handle = "of-the-guarded"
    person.webauthn.append(
        Passkey(
            credential_id=b"a passkey", public_key=b"its key", name="Phone", usage="secondary",
            backup_state=False, device_type="single_device", lastuse_datetime=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    return person


def _with_codes(session: Session, person: Account) -> Account:
    """Let codes of an application be asked of somebody at the sign-in."""
    security = current_app.extensions["security"]
    secret = security.totp_factory.generate_totp_secret()
    accounts.set_authenticator(work(session, person), person, secret)
    security.mf_recovery_codes_util.create_recovery_codes(person)
    return person
