"""A copy of all that is kept about a person, and erasing it."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.accounts.rules import CONSENT_VERSION
from webapp.core.errors import NotFoundError
from webapp.core.record import audit, personal_data, reasons
from webapp.core.record.actions import Action
from webapp.core.record.personal_data import Section, Whose
from webapp.core.record.stored_words import in_words
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.expertise_requests import operations as requests
from webapp.experts import erasure, persons
from webapp.experts import operations as profiles
from webapp.experts import queries as experts
from webapp.experts.models import Expert
from webapp.experts.workflow import ExpertStep
from webapp.kept_texts import operations as kept_texts


def copy(work: UnitOfWork, person: Account | Expert) -> list[Section]:
    """Return all that is kept about a person, table by table; the log tells that it was copied."""
    found = gather(work.session, person)
    note_copy(work, person)
    return found


def gather(session: Session, person: Account | Expert) -> list[Section]:
    """Return all that is kept about a person; whoever gives it to them notes that it was copied."""
    return list(personal_data.sections(session, persons.whose(session, person)))


def note_copy(work: UnitOfWork, person: Account | Expert) -> None:
    """Note that somebody was given a copy of what is kept about them."""
    audit.record(work, Action.DATA_COPIED, person)


def as_json(work: UnitOfWork, found: list[Section]) -> dict[str, Any]:
    """Return a copy for machines: names of tables and columns, moments in UTC by ISO 8601.

    What is put into words when it is read stands in words, so that whom it names is known to be
    shown, and nothing of them but the name.
    """
    return {
        "made_at": work.now.isoformat(),
        "privacy_notice": CONSENT_VERSION,
        "sections": [
            {
                "table": section.rule.table.__tablename__,
                "title": section.rule.title.source,
                "rows": [
                    {name: personal_data.plain(in_words(value)) for name, value in row.items()}
                    for row in section.rows
                ],
            }
            for section in found
        ],
    }


def erase(work: UnitOfWork, person: Account | Expert) -> dict[str, int]:
    """Erase a person for good, and return how many rows of each table went or were emptied.

    Whatever they were considered for ends, and who waits for them is told that somebody fell out.
    The log keeps numbers. Refused where the platform would be left without an administrator.
    """
    session = work.session
    for closed in _closed_accounts(session, person):
        erase(work, closed)
    # Those were erased as people of their own: each account keeps an address that no other has.
    who = replace(persons.whose(session, person), closed=())
    expert = session.get(Expert, who.expert_id) if who.expert_id else None
    account = session.get(Account, who.account_id) if who.account_id else None
    if account:
        accounts.begin(work, account)
    requests.forget_named(work, who, persons.list_known_names(session, expert) if expert else ())
    if expert:
        erasure.erase(work, expert)
    if account:
        accounts.close_for_good(work, account)
    reasons.remove_texts(work, [account.id] if account else [], sorted(who.people))
    # What others were told a moment ago names the person, too.
    session.flush()
    personal_data.erasing.send(who, work=work)
    erasure.forget_typed(session, who.profiles)
    done = personal_data.erase_rows(session, who)
    if expert:
        erasure.forget_texts(work, expert)
    audit.record(work, Action.PERSON_ERASED, person, rows=done)
    return done


def copy_of_address(work: UnitOfWork, whose: Whose) -> list[Section]:
    """Return all that is kept about somebody without an account, by the address alone."""
    audit.record(work, Action.DATA_COPIED, Account)
    return list(personal_data.sections(work.session, whose))


def erase_address(work: UnitOfWork, whose: Whose) -> dict[str, int]:
    """Erase what is kept under an address that no account has, and return how many rows of each
    table; the log keeps the numbers and not the address."""
    done = personal_data.erase_rows(work.session, whose)
    audit.record(work, Action.PERSON_ERASED, Account, rows=done)
    return done


def part_from_account(work: UnitOfWork, expert: Expert) -> None:
    """Let the account of an expert stay when the profile is erased: it acts in another role.

    What was typed into the profile and not saved is not of that role.
    """
    if expert.account_id is not None:
        kept_texts.forget_under(work.session, "/profile/", account_id=expert.account_id)
    expert.account = None
    work.session.flush()


def withdraw_consent(work: UnitOfWork, person: Account | Expert) -> None:
    """Let somebody leave the roster who says so by letter; refused where there is no profile."""
    expert = (
        experts.find_of_account(work.session, person) if isinstance(person, Account) else person
    )
    if expert is None:
        raise NotFoundError(_("There is no profile for this account."))
    profiles.take(work, expert, ExpertStep.LEAVE)


def _closed_accounts(session: Session, person: Account | Expert) -> list[Account]:
    """Return the further accounts of a person that were closed when their profiles were joined."""
    found = (session.get(Account, number) for number in persons.whose(session, person).closed)
    return [one for one in found if one is not None and not one.is_erased]
