"""Why a mail did not leave, in words: what the outbox keeps of it names an error of Python."""

from webapp.core.words.translation import Message, _
from webapp.messages.rules import number_of_answer

_KINDS = {
    "ConnectionRefusedError": _(
        "The mail server takes no connections: perhaps it is not running, or has another port."
    ),
    "ConnectionResetError": _("The mail server ended the connection."),
    "SMTPServerDisconnected": _("The mail server ended the connection."),
    "gaierror": _("No mail server is known by the name that is set."),
    "TimeoutError": _("The mail server did not answer in time."),
    "SMTPAuthenticationError": _("The mail server refuses the name or the password that is set."),
    "SMTPRecipientsRefused": _("The mail server takes no mails to this address at all."),
    "SMTPSenderRefused": _("The mail server takes no mails from the platform's address at all."),
    "SMTPDataError": _("The mail server does not take this mail at all."),
}
# What a server refuses with a number from 400 to 499 it may take later.
_KINDS_FOR_NOW = {
    "SMTPRecipientsRefused": _("The mail server takes no mails to this address for now."),
    "SMTPSenderRefused": _("The mail server takes no mails from the platform's address for now."),
}
_FOR_NOW = _("The mail server takes no mails for now.")
# Sentences that leave open which of many reasons it is: the words of the program say it.
_KINDS_LEFT_OPEN = {
    "SSLCertVerificationError": _("The certificate of the mail server is not trusted here."),
    "SSLError": _(
        "The mail server and the platform cannot agree on encryption: perhaps the port that is set"
        " is not the one for STARTTLS."
    ),
}
_OTHERWISE = _("The mail server could not be reached, or did not take the mail.")


def why_not_sent(error: str) -> Message:
    """Return in a sentence why a mail did not leave, by the error that the outbox keeps."""
    kind, _words = _parts_of(error)
    if (number := number_of_answer(error)) and number.startswith("4"):
        return _KINDS_FOR_NOW.get(kind, _FOR_NOW)
    return (_KINDS | _KINDS_LEFT_OPEN).get(kind, _OTHERWISE)


def words_of_server(error: str) -> str:
    """Return what a mail server answered itself, if it did."""
    return _parts_of(error)[1] if number_of_answer(error) else ""


def words_of_program(error: str) -> str:
    """Return what the program says of an error that no sentence tells in full and no server did."""
    kind, words = _parts_of(error)
    return "" if kind in _KINDS or number_of_answer(error) else words or kind


def _parts_of(error: str) -> tuple[str, str]:
    kind, _colon, words = error.partition(": ")
    return kind, words
