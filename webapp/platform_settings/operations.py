"""What administrators change for the whole platform."""

from dataclasses import dataclass

from webapp.core.errors import ConflictError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.platform_settings import queries

STALE = _(
    "The settings were changed by somebody else since you opened this page, so yours are not saved"
    " yet. Each field says what is stored now; save again if yours are to replace it."
)


@dataclass(frozen=True)
class Wanted:
    """All settings, as somebody wants them to be."""

    four_eyes: bool
    accounts_on_request: bool
    experts_on_request: bool
    rest_days: int
    dormant_after_months: int
    ask_every_months: int
    reply_by_days: int
    retention_months: int
    contact_address: str


def change(work: UnitOfWork, wanted: Wanted, *, seen_version: int) -> bool:
    """Bring the settings to what is wanted, and tell whether anything changed.

    A stale edit is refused; the same again is no change.
    """
    stored = queries.get_settings(work.session)
    work.session.refresh(stored, with_for_update=True)
    before = {name: getattr(stored, name) for name in vars(wanted)}
    after = {name: value for name, value in vars(wanted).items() if value != before[name]}
    if after and stored.version != seen_version:
        raise ConflictError(STALE)
    if not after:
        return False
    for name, value in after.items():
        setattr(stored, name, value)
    work.session.flush()
    audit.record(
        work, Action.SETTINGS_CHANGED, stored,
        before={name: before[name] for name in after}, after=after,
    )  # fmt: skip
    return True
