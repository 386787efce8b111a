"""What counts beside the subject is said for each expert, and switched off for one request."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

import matcher
from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.words.language import in_language
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Evidence, EvidenceKind, Expert
from webapp.matches.models import IgnoredConsideration
from webapp.matches.ranking import considerations

DONE = "Shoeing of horses for patrols"


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def give(expert: Expert, place: str, year: int) -> None:
    """Give an expert an entry of evidence."""
    expert.evidence.append(
        Evidence(
            kind=EvidenceKind.TRAINING_GIVEN,
            title=DONE,
            description="",
            jurisdiction=place,
            started=date(year, 1, 1),
            ended=date(year, 3, 1),
        )
    )


def matches_of(app: Flask, state: RequestState = RequestState.ACCEPTED) -> str:
    """Make a request that asks for a rank, and two experts of whom one has it; return the address
    of its matches."""
    texts: dict[str, Any] = {
        "title": "Farriers for horses of patrols",
        "expert_background": "Colonel or above",
        "background": "",
        "objectives": "Horses walk on sound shoes.",
        "tasks": "",
        "themes": (),
        "languages": (),
        "jurisdiction": "KGZ",
    }
    with writing(app) as session:
        for name, rank, place, year in (
            ("Has Rank", "Colonel", "KGZ", 2022),
            ("Lacks Rank", "Captain", "SRB", 2004),
        ):
            expert = factories.expert(session, name=name, rank=rank, summary="Farrier.")
            give(expert, place, year)
        return f"/requests/{factories.request(session, state, **texts).id}/matches"


def test_each_card_says_what_counted(app: Flask, coordinator: Pages) -> None:
    page = coordinator.get(matches_of(app))
    assert [link.text for link in page.tree.iterfind(".//h3/a")] == ["Has Rank", "Lacks Rank"]
    first, second = page.text.split("Lacks Rank", 1)
    assert f"Kyrgyzstan: “{DONE}”" in first
    assert "last relevant work: March 2022" in first
    assert "taught: 1 entry" in first
    assert "the rank is as high as the request asks for" in first
    assert "the rank is below the one that the request asks for" in second
    assert "Colonel or above" in page.text


def test_an_explanation_of_before_tells_how_many_entries_are_from_there() -> None:
    facts = {"same": 2, "like": 0, "jurisdiction": "KGZ"}
    row = {"name": "place", "level": 0.6, "facts": facts}
    entries = [{"title": DONE}]
    said = considerations.say({"considerations": [row], "entries": entries})
    with in_language("en"):
        assert [str(one) for one in said.speaks_for] == ["Kyrgyzstan: 2 relevant entries"]


def test_what_is_switched_off_counts_no_more_until_it_is_switched_on(
    app: Flask, coordinator: Pages
) -> None:
    address = matches_of(app)
    kept = [name for name in considerations.LABELS if name not in ("rank", "place")]
    page = coordinator.get(address).submit("Rank by what is ticked", {"counts": kept})
    assert "2 things beside the subject do not count" in page.text
    assert "the rank is" not in page.text
    assert "Kyrgyzstan: “" not in page.text
    page = page.submit("Rank by what is ticked", {"counts": list(considerations.LABELS)})
    assert "the rank is as high" in page.text
    with reading(app) as session:
        assert session.scalars(sa.select(IgnoredConsideration)).all() == []
        action = Action.CONSIDERATIONS_CHANGED.value
        events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action)).all()
    assert len(events) == 2


@pytest.mark.parametrize("sent", [["nonsense"], ["recency", "rank "], ["\x00"], ["x" * 100_000]])
def test_what_no_page_offers_to_count_changes_nothing(
    app: Flask, coordinator: Pages, sent: list[str]
) -> None:
    address = matches_of(app).replace("/matches", "/considerations")
    coordinator.post(address, {"counts": sent}, status=400)
    with reading(app) as session:
        assert session.scalars(sa.select(IgnoredConsideration)).all() == []


def test_what_a_colleague_chose_meanwhile_is_not_undone_by_an_older_page(
    app: Flask, coordinator: Pages, sign_in_as: Callable[..., Pages]
) -> None:
    address, colleague = matches_of(app), sign_in_as(Role.COORDINATOR)
    everything = list(considerations.LABELS)
    older = coordinator.get(address)
    without_rank = [name for name in everything if name != "rank"]
    colleague.get(address).submit("Rank by what is ticked", {"counts": without_rank})
    without_place = [name for name in everything if name != "place"]
    page = older.submit("Rank by what is ticked", {"counts": without_place}, status=409)
    assert "A colleague has changed in the meantime what counts" in page.text
    theirs = page.text.partition("these do not count:")[2]
    assert theirs.strip().startswith("Rank, where the request asks for one.")
    form = page.form("Rank by what is ticked")
    assert form.values["counts"] == without_place
    with reading(app) as session:
        assert session.scalars(sa.select(IgnoredConsideration.name)).all() == ["rank"]
    page = page.submit("Rank by what is ticked")
    assert "1 thing beside the subject does not count" in page.text
    with reading(app) as session:
        assert session.scalars(sa.select(IgnoredConsideration.name)).all() == ["place"]
    # The same choice made twice is no conflict, however old the page is.
    older.submit("Rank by what is ticked", {"counts": without_place})


def test_a_request_that_has_ended_keeps_its_ranking(app: Flask, coordinator: Pages) -> None:
    address = matches_of(app, RequestState.CLOSED)
    coordinator.post(address.replace("/matches", "/considerations"), {}, status=409)
    with reading(app) as session:
        assert session.scalars(sa.select(IgnoredConsideration)).all() == []


def test_everything_that_the_matcher_considers_has_words() -> None:
    assert tuple(considerations.LABELS) == matcher.CONSIDERATIONS


def test_matches_made_before_say_nothing_of_it() -> None:
    said = considerations.say({"terms": [], "entries": []})
    assert said == considerations.Said([], [], [])


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({"name": "years", "level": 0.6, "facts": {"asked": 10, "shown": 6}}, "speaks_against"),
        ({"name": "years", "level": 1.0, "facts": {"asked": 10, "shown": 12}}, "speaks_for"),
        ({"name": "years", "level": 0.0, "facts": {"asked": 10, "shown": 0}}, "besides"),
        ({"name": "years", "level": 0.5, "facts": {"asked": 10, "shown": 0}}, "besides"),
        ({"name": "length", "level": 0.05, "facts": {"months": 1}}, "besides"),
        ({"name": "length", "level": 0.6, "facts": {"months": 30}}, "speaks_for"),
        ({"name": "rank", "level": -0.5, "facts": {"asked": 5, "shown": 4}}, "speaks_against"),
    ],
)
def test_what_is_less_than_was_asked_for_speaks_for_nobody(row: dict[str, Any], where: str) -> None:
    said = considerations.say({"considerations": [row]})
    told = {name: len(sentences) for name, sentences in vars(said).items()}
    assert told == {"speaks_for": 0, "speaks_against": 0, "besides": 0} | {where: 1}


@pytest.mark.parametrize("found", ["mreže policijskih službenica", "statutu"])
def test_old_dates_do_not_speak_against_a_post_that_bears_on_the_request(
    app: Flask, found: str
) -> None:
    row = {"name": "recency", "level": -0.04, "facts": {"last": "2016-10"}}
    post = {"kind": "summary", "title": "Predsjednica mreže policijskih službenica", "text": ""}
    terms = [{"found": found, "claimed": False}]
    said = considerations.say({"considerations": [row], "entries": [post], "terms": terms})
    with app.app_context(), in_language("en"):
        told = [str(one) for one in (*said.speaks_against, "|", *said.besides)]
    in_post = "last relevant work with a date: October 2016; the post bears on the request, too"
    against = ["last relevant work: October 2016", "|"]
    assert told == (against if found == "statutu" else ["|", in_post])


@pytest.mark.parametrize(
    ("row", "speaks_for", "speaks_against", "besides"),
    [
        (("recency", -0.4, {"last": "2099-01"}), [], [], ["relevant work that goes on"]),
        (("recency", 0.9, {"last": "2099-01"}), ["relevant work that goes on"], [], []),
        (("recency", -0.4, {"last": "2025-03"}), [], [], ["last relevant work: March 2025"]),
        (("recency", -0.4, {"last": "2004-12"}), [], ["last relevant work: December 2004"], []),
        (
            ("taught", -0.5, {"taught": 1, "attended": 3}),
            [],
            ["attended: 3 trainings"],
            ["taught: 1 entry"],
        ),
        (
            ("taught", 0.5, {"taught": 1, "attended": 3}),
            ["taught: 1 entry"],
            [],
            ["attended: 3 trainings"],
        ),
        (
            ("taught", 0.0, {"taught": 1, "attended": 1}),
            [],
            [],
            ["taught: 1 entry", "attended: 1 training"],
        ),
        (("confirmed", 0.5, {"entries": 1}), ["confirmed: 1 entry"], [], []),
        (
            ("place", 0.3, {"same": 0, "like": 1, "jurisdiction": "KGZ"}),
            ["elsewhere in the region of Kyrgyzstan: 1 relevant entry"],
            [],
            [],
        ),
    ],
)
def test_what_is_said_leans_to_the_side_that_its_words_do(
    app: Flask,
    row: tuple[str, float, dict[str, Any]],
    speaks_for: list[str],
    speaks_against: list[str],
    besides: list[str],
) -> None:
    name, level, facts = row
    said = considerations.say({"considerations": [{"name": name, "level": level, "facts": facts}]})
    with app.app_context(), in_language("en"):
        assert [str(one) for one in said.speaks_for] == speaks_for
        assert [str(one) for one in said.speaks_against] == speaks_against
        assert [str(one) for one in said.besides] == besides
