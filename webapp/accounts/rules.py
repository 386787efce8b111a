"""What holds of accounts, passwords and sessions, without a database."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from webapp.accounts.guessing import guesses
from webapp.core.roles import Role
from webapp.core.words.search import first_spelling
from webapp.core.words.text_rules import mixed_word, normalized, scripts
from webapp.core.words.translation import Message, _

# The privacy notice that people agree to; another version asks everybody again.
CONSENT_VERSION = "2026-12-01.3"

# They see the names of all experts, or decide who gets in.
NEED_SECOND_FACTOR = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128
# How many guesses, as a power of ten, somebody needs who knows common passwords and patterns; ten
# thousand a second would take more than a day.
FEWEST_GUESSES = 9
# What is left of a password without the words that everybody would try for this person.
LEAST_BESIDE_OWN_WORDS = 8
WORDS_OF_THE_PLATFORM = (
    *("rssrp", "seesac", "undp", "regional", "security", "sector", "reform", "platform"),
    *("expert", "roster", "police", "military", "ministry", "interior", "defence", "weapons"),
)

# Clocks of several hosts differ a little.
CLOCKS_DIFFER = timedelta(minutes=1)


# With wide letters and marks an address is not longer than this. Source: RFC 5321, 4.5.3.1.
LONGEST_ADDRESS = 320


def spelled_once(email: str) -> str:
    """Return an address in the one spelling in which it is kept, looked up and counted.

    A domain can be written in many ways, such as with wide letters, that all lead to one account.
    What is no address stays as it was typed. Source: UTS 46, 4.
    """
    return _normalized(email) or email


def is_address(email: str) -> bool:
    """Tell whether a text is an e-mail address that reads as what it is."""
    return _normalized(email) is not None and not looks_like_another(email)


def looks_like_another(email: str) -> bool:
    """Tell whether the domain of an address has letters of several scripts, or a word before it of
    two alphabets that look alike:
    "mup.gоv.rs" with a Cyrillic letter reads as a ministry's, and leads elsewhere.

    However it was typed: what computers write for such letters is read as them.
    """
    mailbox, _at, domain = spelled_once(email).rpartition("@")
    return len(scripts(domain)) > 1 or mixed_word(mailbox) is not None


def domain_of_computers(email: str) -> str:
    """Return the domain of an address as computers write it, if it has letters beyond ASCII.

    A dotless "ı" or a small capital reads as a letter of ASCII, and leads elsewhere. What is no
    address has none. Source: RFC 5891, 4.4.
    """
    if email.isascii():
        return ""  # As nearly all are, and lists show many.
    found = _validated(email)
    return "" if found is None or found.ascii_domain == found.domain else found.ascii_domain


def _normalized(email: str) -> str | None:
    """Return an address in its one spelling; None for what is none."""
    found = _validated(email)
    return None if found is None else found.normalized


def _validated(email: str) -> ValidatedEmail | None:
    """Return what an address says, None for what is none. Its length is looked at first: the
    library would bring the whole of it into a normal form."""
    if len(email) > LONGEST_ADDRESS:
        return None
    try:
        # In small letters first: some of them are one with a mark that their capitals have apart.
        return validate_email(email.lower(), check_deliverability=False)
    except EmailNotValidError:
        return None


def needs_second_factor(roles: Set[Role], *, demo: bool) -> bool:
    """Tell whether people in `roles` must have more than a password; the demo's are exempt."""
    return not demo and not roles.isdisjoint(NEED_SECOND_FACTOR)


def why_not_together(roles: Set[Role]) -> Message | None:
    """Say why one account cannot have these roles.

    Who decides what accounts may do, and reads the log of all, would be on every side of a matter
    in which they have another role.
    """
    if Role.ADMINISTRATOR in roles and len(roles) > 1:
        return _(
            "An administrator has no other role: they keep the accounts of all sides and read the"
            " log. Please make another account."
        )
    return None


def is_over(
    created_at: datetime, seen_at: datetime, now: datetime, *, idle: timedelta, limit: timedelta
) -> bool:
    """Tell whether a session is too old, was unused for too long, or comes from the future."""
    latest = now + CLOCKS_DIFFER
    if created_at > latest or seen_at > latest:
        return True
    return now - seen_at >= idle or now - created_at >= limit


@dataclass(frozen=True)
class Remaining:
    """How long a session lasts without another request, and whether a request would prolong it."""

    seconds: int
    extensible: bool


def remaining(
    created_at: datetime, seen_at: datetime, now: datetime, *, idle: timedelta, limit: timedelta
) -> Remaining:
    """Return how long a session lasts from `now`, in whole seconds, rounded up.

    Nobody is told that a session is over while the server would still take what they send.
    """
    unused, oldest = seen_at + idle, created_at + limit
    left = (min(unused, oldest) - now).total_seconds()
    return Remaining(max(ceil(left), 0), extensible=unused < oldest)


def in_one_form(password: str) -> str:
    """Return a password as it is hashed, and as the sign-in compares it: "č" is one character on
    one keyboard, and a letter with a mark on another (SECURITY_PASSWORD_NORMALIZE_FORM).

    Source: NIST SP 800-63B, 5.1.1.2.
    """
    return normalized("NFKD", password)


def password_faults(password: str, own: Iterable[str]) -> Iterator[Message]:
    """Say what stands against a new password; nothing is asked of the kinds of its characters.

    `own` are texts about the person: name, address, institution. Source: OWASP ASVS 5.0, 6.2.
    """
    # Counted as it is seen: in the form in which it is hashed, letters and marks are apart.
    length = len(normalized("NFC", password))
    if length < SHORTEST_PASSWORD:
        yield _("Please use at least %(count)s characters.", count=SHORTEST_PASSWORD)
        return
    if length > LONGEST_PASSWORD:
        yield _("Please use at most %(count)s characters.", count=LONGEST_PASSWORD)
        return
    words = _words(own)
    if len(_without(first_spelling(password), words)) < LEAST_BESIDE_OWN_WORDS:
        yield _("This is made of your name, your address or words of this platform.")
    elif guesses(password, words) < FEWEST_GUESSES:
        yield _(
            "This is among the passwords that are tried first. Four or five unrelated words make a"
            " good one."
        )


def _words(own: Iterable[str]) -> list[str]:
    """Return the words that somebody would try first, the longest first."""
    texts = " ".join(own).replace("@", " ").replace(".", " ")
    words = {word for word in first_spelling(texts).split() if len(word) > 3}
    return sorted({*words, *WORDS_OF_THE_PLATFORM}, key=len, reverse=True)


def _without(password: str, words: Iterable[str]) -> str:
    for word in words:
        password = password.replace(word, "")
    return "".join(password.split())
