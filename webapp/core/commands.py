"""Commands that refuse in a sentence, as pages do, where nobody wants to read a traceback."""

from typing import Any

import click
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from webapp.config import ConfigurationError
from webapp.core.db import LARGEST_ID, db, has_tables, is_current
from webapp.core.errors import DomainError, in_one_line

# The number of a row.
ROW = click.IntRange(1, LARGEST_ID)


class Command(click.Command):
    """A command of ours: what it meets and cannot mend is told in one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises ClickException, which click prints without a traceback."""
        try:
            return self._run(ctx)
        except (DomainError, ConfigurationError) as error:
            raise click.ClickException(str(error)) from error
        except IntegrityError:
            raise  # What the tables forbid is a fault of ours.
        except SQLAlchemyError as error:
            raise click.ClickException(
                f"The database {db.engine.url!r} cannot be used: {in_one_line(error)}"
            ) from error
        except OSError as error:
            raise click.ClickException(f"{error.filename}: {error.strerror}") from error

    def _run(self, ctx: click.Context) -> Any:
        return super().invoke(ctx)


class DatabaseCommand(Command):
    """A command that needs a database of the newest form."""

    def _run(self, ctx: click.Context) -> Any:
        if not has_tables(db.session):
            raise click.ClickException(
                f"The database {db.engine.url!r} is empty: `flask --app wsgi install` begins a new"
                " one, and `restore` brings back what a backup holds."
            )
        if not is_current(db.session):
            raise click.ClickException(
                "The database is of another version than the code: `flask --app wsgi install`"
                " brings an older one up to date."
            )
        db.session.rollback()  # The command begins a transaction of its own.
        return super()._run(ctx)


class Group(click.Group):
    """Commands about one kind of thing."""

    command_class = DatabaseCommand
