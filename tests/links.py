"""Links that mails bring."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask

from webapp.membership import sweep as membership_sweep
from webapp.messages import delivery


def deliver(app: Flask) -> None:
    """Do what the job worker does at once: send the links that were asked for, and the outbox."""
    with app.app_context():
        membership_sweep.send_links_due()
        delivery.deliver_due()


def link_in(mail: Any) -> str:
    """Return the path of the one link that a mail has."""
    (path,) = re.findall(r"^https?://[^/\s]+(/\S*)$", mail.body, re.MULTILINE)
    return str(path)


def links_to(app: Flask, outbox: list[Any]) -> Callable[[str], list[str]]:
    """Return a function that delivers and gives the links in all mails to an address."""

    def found(email: str) -> list[str]:
        deliver(app)
        return [link_in(mail) for mail in outbox if mail.to == [email]]

    return found
