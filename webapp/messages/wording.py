"""Why a mail did not leave, in words: what the outbox keeps of it names an error of Python."""

from webapp.core.words.translation import Message, _

_KINDS = {
    "ConnectionRefusedError": _(
        "The mail server takes no connections: perhaps it is not running, or has another port."
    ),
    "ConnectionResetError": _("The mail server ended the connection."),
    "SMTPServerDisconnected": _("The mail server ended the connection."),
    "gaierror": _("No mail server is known by the name that is set."),
    "TimeoutError": _("The mail server did not answer in time."),
    "SSLCertVerificationError": _("The certificate of the mail server is not trusted here."),
    "SMTPAuthenticationError": _("The mail server refuses the name or the password that is set."),
    "SMTPRecipientsRefused": _("The mail server takes no mails to this address."),
    "SMTPSenderRefused": _("The mail server takes no mails from the platform's address."),
}
_OTHERWISE = _("The mail server could not be reached, or did not take the mail.")


def why_not_sent(error: str) -> Message:
    """Return in a sentence why a mail did not leave, by the error that the outbox keeps."""
    return _KINDS.get(error.partition(":")[0], _OTHERWISE)


def words_of_server(error: str) -> str:
    """Return what a mail server answered itself; an error of the connection has no such words."""
    kind, _colon, words = error.partition(": ")
    return words if kind.startswith("SMTP") else ""
