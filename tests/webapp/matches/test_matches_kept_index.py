"""`check` tells of saved indexes that are not of the roster, and that the database is sound."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher import ExpertIndex, Thesaurus
from tests import factories
from tests.databases import reading, writing
from webapp.core import invariants
from webapp.experts.models import Expert, ExpertState
from webapp.experts.revisions import touch
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.ranking.saved_roster import folder_of
from webapp.matches.ranking.vocabulary import thesaurus_of
from webapp.themes import queries as themes


@pytest.fixture
def folder(app: Flask) -> Path:
    """Return where this host keeps a ranking of two people, saved."""
    with writing(app) as session:
        for _number in range(2):
            factories.expert(session, summary="Shoes horses.")
    index = RosterIndex(folder_of(app), small=0)
    with reading(app) as session:
        index.current(session)
    index.finish()
    return folder_of(app)


def told(app: Flask) -> list[str]:
    """Return what is to be seen to."""
    with reading(app) as session:
        return invariants.list_to_see_to(session)


def in_state(state: ExpertState) -> Callable[[Flask], None]:
    """Return what puts somebody into a state and leaves the files alone."""

    def change(app: Flask) -> None:
        with writing(app) as session:
            expert = session.scalars(sa.select(Expert).limit(1)).one()
            expert.state = state
            touch(session, expert)

    return change


def damage(app: Flask) -> None:
    """Cut the saved index short."""
    file = folder_of(app) / "index.json"
    file.write_bytes(file.read_bytes()[:-20])


def let_it_be_foreign(app: Flask) -> None:
    """Let the database be another one, by another seal of its log."""
    index = ExpertIndex.load(folder_of(app), thesaurus=_thesaurus(app))
    index.save(folder_of(app), {**index.labels, "seal": "0" * 64})


def lose(app: Flask) -> None:
    """Take somebody out of the saved index."""
    index = ExpertIndex.load(folder_of(app), thesaurus=_thesaurus(app))
    with reading(app) as session:
        index.remove(str(session.scalars(sa.select(Expert.id).limit(1)).one()))
    index.save(folder_of(app), index.labels)


def _thesaurus(app: Flask) -> Thesaurus:
    with reading(app) as session:
        return thesaurus_of(themes.list_with_synonyms(session))


def test_nothing_is_told_of_an_index_that_is_as_the_roster(app: Flask, folder: Path) -> None:
    assert folder.exists()
    assert told(app) == []
    in_state(ExpertState.ACTIVE)(app)
    assert told(app) == []


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (in_state(ExpertState.SUSPENDED), "holds people who have left (1)"),
        (damage, "is damaged"),
        (let_it_be_foreign, "is of another database"),
        (lose, "lacks people (1)"),
    ],
    ids=["left", "damaged", "foreign", "lost"],
)
def test_what_is_wrong_with_a_saved_index_is_told_and_is_no_fault(
    app: Flask, folder: Path, happens: Callable[[Flask], None], said: str
) -> None:
    happens(app)
    (sentence,) = told(app)
    assert f"The saved index “{folder.name}” {said}" in sentence
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 0
    assert said in result.output
    assert result.output.endswith("The database is sound.\n")
