"""A coordinator who imports tables, and the job worker who does the work."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core.roles import Role
from webapp.experts.models import Expert
from webapp.roster_imports import sweep
from webapp.roster_imports.models import RosterImport


def work(app: Flask) -> None:
    """Do what the job worker does."""
    with app.app_context():
        sweep.run_due()


class Importer:
    """A coordinator who imports tables."""

    def __init__(self, app: Flask, pages: Pages) -> None:
        self.app = app
        with writing(app) as session:
            self.account = factories.account(session, Role.COORDINATOR)
        self.pages = pages.come_in(self.account)

    def send(self, data: bytes, name: str = "roster.xlsx", status: int = 200) -> Page:
        """Send a file as a browser does, and return the page it leads to."""
        mark = "in-between"
        parts = {"csrf_token": self.pages.own_token().encode(), f'file"; filename="{name}': data}
        body = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'.encode()
            + value
            + b"\r\n"
            for field, value in parts.items()
        )
        answer = self.pages.client.post(
            "/roster/imports",
            data=body + f"--{mark}--\r\n".encode(),
            content_type=f"multipart/form-data; boundary={mark}",
        )
        if status == 200:
            assert answer.status_code == 303, answer.get_data(as_text=True)
            return self.pages.get(answer.headers["Location"])
        assert answer.status_code == status, answer.get_data(as_text=True)
        return self.pages.check("/roster/imports", answer)

    def check(self, data: bytes, choices: dict[str, Any] | None = None) -> Page:
        """Send a file, choose its columns, and return the page of what was found."""
        waiting = self.send(data).submit("Check the table", choices or {})
        assert "It waits for its turn" in waiting.text
        work(self.app)
        return self.pages.get(self.path())

    def store(self, data: bytes, choices: dict[str, Any] | None = None) -> Page:
        """Send a file and let it be stored, and return the page of whom it has brought."""
        self.check(data, choices).submit("Store all of it")
        work(self.app)
        return self.pages.get(self.path())

    def path(self) -> str:
        """Return the address of the latest import."""
        return f"/roster/imports/{self.latest().id}"

    def latest(self) -> RosterImport:
        """Return the latest import."""
        with reading(self.app) as session:
            latest = sa.select(RosterImport).order_by(RosterImport.id.desc()).limit(1)
            row = session.scalars(latest).one()
            session.expunge(row)
            return row

    def names(self) -> list[str]:
        """Return the names of all on the roster, in the order of their numbers."""
        with reading(self.app) as session:
            return list(session.scalars(sa.select(Expert.name).order_by(Expert.id)))
