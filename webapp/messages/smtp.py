"""The way to the mail server: it gets neither the password nor a mail unless it proves its name.

Flask-Mailman's STARTTLS takes any certificate. Whoever answers for the server would then read the
password, and the links by which people join and set new passwords.
"""

import smtplib
import ssl
from typing import Any

from flask_mailman.backends import smtp


class _ProvedSMTP(smtplib.SMTP):
    """A connection that becomes secret only with a server whose certificate is known and its own.

    The known ones are those of the machine, or of the file that SSL_CERT_FILE names.
    """

    def starttls(self, *_files: Any, **_options: Any) -> tuple[int, bytes]:
        """Go on secretly; raises ssl.SSLCertVerificationError where the server cannot prove it."""
        return super().starttls(context=ssl.create_default_context())


class EmailBackend(smtp.EmailBackend):
    """Flask-Mailman's way to a server, which is asked who it is."""

    connection_class = _ProvedSMTP
