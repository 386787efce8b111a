"""What the page of settings must say besides: which settings nothing obeys yet.

A setting that has no effect must not look as if it had one. Whoever makes the platform obey one
takes its line out here; a test compares this with what the code reads.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from webapp.core.words.translation import Message, _
from webapp.platform_settings.queries import get_contact_address

# Each says what holds today instead.
NOT_YET: dict[str, Message] = {}

NO_CONTACT = _(
    "No address is set, so no page and no mail says to whom people write who are told to write to"
    " SEESAC."
)

Warn = Callable[[Session], Message | None]
# Where packages that know more put, by setting, the functions that warn of it.
WARNINGS = "settings.warnings"


def why_no_contact(session: Session) -> Message | None:
    """Warn that people are told to write to SEESAC, and not where."""
    return None if get_contact_address(session) else NO_CONTACT
