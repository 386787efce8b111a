"""Errors that operations raise: a refusal in words that may be shown to the person who asked.

They know nothing of HTTP but the status that fits them; `core/responses/error_pages.py` makes pages
of them.
"""

from http import HTTPStatus
from typing import Any

from webapp.core.words.translation import Message


def in_one_line(error: Exception) -> str:
    """Return what a database says of an error, without the statement and without a line's end."""
    return " ".join(str(getattr(error, "orig", None) or error).split())


class DomainError(Exception):
    """A refusal in words that may be shown to the person who asked.

    `str()` says it in the language that is current when the page is made.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message)

    status = HTTPStatus.BAD_REQUEST


class NotFoundError(DomainError):
    """The thing does not exist, or is not this person's to know of."""

    status = HTTPStatus.NOT_FOUND


class SignedOutError(DomainError):
    """The session in which this was sent is over."""

    status = HTTPStatus.UNAUTHORIZED


class ForbiddenError(DomainError):
    """The person may know of the thing, but may not do this with it."""

    status = HTTPStatus.FORBIDDEN


class ConflictError(DomainError):
    """The thing has changed, or is taken, since the person looked at it."""

    status = HTTPStatus.CONFLICT


class DoneSinceError(ConflictError):
    """The same was done since the page was drawn: nothing of what was sent can be kept.

    Whoever goes on after other conflicts, for others of a list, lets this one through.
    """


class DoneUnshownError(DomainError):
    """What was sent has been done, and what it leads to cannot be shown at present."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class TwinError(ConflictError):
    """What was to be stored anew is there already; `first` is what was stored before."""

    def __init__(self, message: Message, first: Any) -> None:
        super().__init__(message)
        self.first = first


class NotReadyError(DomainError):
    """What this needs is being made; `seconds` is when to look whether it is there."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, message: Message, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class TooOftenError(DomainError):
    """The person has done this too often; `seconds` is how long to wait."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: Message, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds
