"""Whatever tells of a person has a rule: what of it they are given, and what erasing does."""

import sqlalchemy as sa
from flask import Flask

from webapp.core.db import Base
from webapp.core.record import personal_data
from webapp.core.record.personal_data import Fate

# The tables of persons themselves; what refers to one of them, however far, tells of a person.
PERSONS = ("account", "expert")
# These tell of nobody: what coordinators chose for a request, and the roles of accounts.
OF_NOBODY = {"counted_passage", "first_places", "ignored_consideration", "account_role"}


def tables_of_persons() -> set[str]:
    """Return the tables that are persons', or refer to such a table by a foreign key."""
    found = set(PERSONS)
    while True:
        more = {
            table.name
            for table in Base.metadata.sorted_tables
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return found
        found |= more


def test_every_table_with_a_person_in_it_has_a_rule(app: Flask) -> None:
    with app.app_context():
        ruled = {rule.table.__tablename__ for rule in personal_data.all_rules()}
    assert tables_of_persons() - OF_NOBODY - ruled == set()


def test_every_column_is_given_to_the_person_or_withheld_for_a_reason(app: Flask) -> None:
    with app.app_context():
        for rule in personal_data.all_rules():
            columns = set(sa.inspect(rule.table).columns.keys())
            assert set(rule.given) | set(rule.withheld) == columns, rule.title.source
            assert all(reason.endswith(".") for reason in rule.withheld.values())


def test_what_stays_says_why_and_only_what_is_emptied_is_given_other_values(app: Flask) -> None:
    with app.app_context():
        for rule in personal_data.all_rules():
            assert bool(rule.because) == (rule.fate is not Fate.DELETED), rule.title.source
            assert bool(rule.emptied) == (rule.fate is Fate.EMPTIED), rule.title.source
