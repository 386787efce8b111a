"""What is kept, how much of it, for how long, and how it is made unreadable."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from webapp.core import sent_fields

Fields = list[tuple[str, str]]

# What is typed waits for whoever was called away from it; what comes without a session is for the
# one who is about to sign in again.
TYPED_LIFETIME = timedelta(days=14)
SENT_LIFETIME = timedelta(hours=1)
# Each section of a profile and some reports, and as much in each as all their fields can take.
MOST_PER_ACCOUNT = 20
LARGEST_TYPED = 200_000
LONGEST_ADDRESS = 200


def to_be_kept(sent: Iterable[tuple[str, str]]) -> Fields:
    """Return of what a form sent that which makes the same form again; nothing if nobody typed.

    A password is never kept, and nothing that was sent along with one.
    """
    fields = [(name, value) for name, value in sent if name not in sent_fields.OF_THE_PAGE]
    if any(sent_fields.is_password(name) for name, _ in fields):
        return []
    return fields if sent_fields.typed(fields) else []


def passages(fields: Fields) -> list[str]:
    """Return the values of several words: these are what a person knows again as their text."""
    return [value for value in sent_fields.typed(fields) if _has_several_words(value)]


def _has_several_words(value: str) -> bool:
    # An expression for both words at once would look through a run of blanks again and again.
    words = (part for part in value.split() if re.search(r"\w", part))
    return next(words, None) is not None and next(words, None) is not None


def short_entries(fields: Fields) -> int:
    """Count the other values: choices, days, numbers and single words."""
    return len(sent_fields.typed(fields)) - len(passages(fields))


def lifetime_of(*, without_session: bool) -> timedelta:
    """Return for how long a text is kept."""
    return SENT_LIFETIME if without_session else TYPED_LIFETIME


def is_too_large(path: str, fields: Fields) -> bool:
    """Tell whether this is more than anybody types into a form, or no address of one."""
    typed = sum(len(name) + len(value) for name, value in fields)
    return len(path) > LONGEST_ADDRESS or typed > LARGEST_TYPED


def purpose_for(account_id: int) -> str:
    """Return for what a text is encrypted: moved to another account's row, it is unreadable."""
    return f"text kept for account {account_id}"


def token_of(number: int, secrets: Sequence[str]) -> str:
    """Return the token of a kept text: whoever has the secret finds it again, nobody guesses it."""
    return hmac.new(secrets[0].encode(), f"kept text {number}".encode(), hashlib.sha256).hexdigest()
