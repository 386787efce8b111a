"""Who is proposed comes with the words of SEESAC and the subjects shared with the request."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.factories.matching import PLACING
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.matches import forms, operations, summaries
from webapp.matches.models import Match, MatchState

SHARED = {"asked": "tracing", "concept": "weapons tracing", "found": "eTrace", "claimed": False}
CLAIMED = {"asked": "gender", "concept": "gender equality", "found": "gender", "claimed": True}
GONE = {"asked": "marking", "concept": "weapons marking", "found": "", "claimed": False}
EXPLAINED = replace(
    PLACING, explanation={"terms": [SHARED, CLAIMED, GONE], "entries": [], "lacking": []}
)
NOTE = "She has led <two> such missions."


@pytest.fixture
def approved(app: Flask) -> Match:
    with writing(app) as session:
        match: Match = factories.match(session, MatchState.APPROVED, placing=EXPLAINED)
        assert match.request.requester
        assert match.expert.account
        return match


def propose(pages: Pages, match: Match, note: str, status: int = 302) -> str:
    page = pages.get(f"/requests/{match.request_id}/propose")
    page = page.submit("Propose to the requester", {f"match-{match.id}-note": note}, status=status)
    return page.response.text


def test_the_requester_reads_why_somebody_is_proposed(
    approved: Match, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages]
) -> None:
    requester = visitor().come_in(approved.request.requester)
    proposed = f"/requests/{approved.request_id}/proposed"
    propose(sign_in_as(Role.COORDINATOR), approved, NOTE)
    text = requester.get(proposed).text
    assert NOTE in text
    assert "You ask for it, and the profile shows it: weapons tracing" in text
    for words in ("gender equality", "weapons marking", "eTrace"):
        assert words not in text, "what is merely claimed, gone, or the profile's own words"


def test_before_the_proposal_nobody_outside_reads_the_words(
    app: Flask, approved: Match, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        session.get_one(Match, approved.id).said_to_requester = NOTE
    requester = visitor().come_in(approved.request.requester)
    assert NOTE not in requester.get(f"/requests/{approved.request_id}/proposed").text
    expert = visitor().come_in(approved.expert.account)
    assert NOTE not in expert.get(f"/invitations/{approved.id}").text


def test_words_that_are_too_many_are_refused_and_kept_and_nobody_is_proposed(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages]
) -> None:
    coordinator = sign_in_as(Role.COORDINATOR)
    text = propose(coordinator, approved, "w" * 1001, status=400)
    assert "w" * 1001 in text
    with reading(app) as session:
        match = session.get_one(Match, approved.id)
        assert (match.state, match.said_to_requester) == (MatchState.APPROVED, "")
    propose(coordinator, approved, NOTE)
    with reading(app) as session:
        assert session.get_one(Match, approved.id).state is MatchState.PROPOSED


def test_who_is_proposed_again_comes_with_what_was_said_before(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        session.get_one(Match, approved.id).said_to_requester = NOTE
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    assert [NOTE] in [value for form in page.forms for value in form.values.values()]


WHY, IN_RUSSIAN = (
    "Why you propose this expert",
    "Summary in the requester's language: Russian",
)
SUMMARY = "Двадцать лет расследует незаконный оборот оружия."


def test_a_requester_reads_the_summary_that_was_written_in_their_language(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages], visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        match = session.get_one(Match, approved.id)
        match.request.requester.language = "ru"
        match.expert.english_summary = "Twenty years of arms trafficking cases."
        person = match.request.requester
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    assert "Twenty years of arms trafficking cases." in page.text
    page.submit("Propose to the requester", {IN_RUSSIAN: SUMMARY, WHY: NOTE})
    text = visitor().come_in(person).get(f"/requests/{approved.request_id}/proposed").text
    assert SUMMARY in text
    assert "Twenty years" not in text


def test_where_the_requester_reads_another_language_a_summary_in_it_is_asked_for(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        match = session.get_one(Match, approved.id)
        match.expert.english_summary = "Twenty years of arms trafficking cases."
        match.request.requester.language = "ru"
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    refused = page.submit("Propose to the requester", {WHY: NOTE, IN_RUSSIAN: " "}, status=400)
    assert list(refused.errors) == [f"match-{approved.id}-summary"]
    values = refused.form("Propose to the requester").values
    assert values[f"match-{approved.id}-note"] == [NOTE]
    with reading(app) as session:
        assert session.get_one(Match, approved.id).state is MatchState.APPROVED


def test_nobody_is_proposed_without_a_word_why_and_the_summary_is_kept(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages]
) -> None:
    let_requester_read(app, approved, "ru")
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    refused = page.submit("Propose to the requester", {IN_RUSSIAN: SUMMARY}, status=400)
    assert list(refused.errors) == [f"match-{approved.id}-note"]
    values = refused.form("Propose to the requester").values
    assert values[f"match-{approved.id}-summary"] == [SUMMARY]
    with reading(app) as session:
        assert session.get_one(Match, approved.id).state is MatchState.APPROVED


def test_what_lacks_a_word_why_is_listed_by_whom_it_is_of(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        request = session.get_one(Match, approved.id).request
        another = factories.match(session, MatchState.APPROVED, request=request, placing=EXPLAINED)
        names = [approved.expert.name, another.expert.name]
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    refused = page.submit("Propose to the requester", {}, status=400)
    assert all(f"Please look at this again: {name}" in refused.text for name in names)


def test_what_was_proposed_before_in_english_alone_says_that_it_is_not_the_readers(
    app: Flask, approved: Match, visitor: Callable[[], Pages]
) -> None:
    """It was proposed before a summary was asked for, or the requester has another language now."""
    with writing(app) as session:
        match = session.get_one(Match, approved.id)
        match.expert.english_summary = "Twenty years of arms trafficking cases."
        office = factories.account(session, Role.COORDINATOR)
        operations.propose(factories.work(session, office), match.request)
        match.request.requester.language = "ru"
        person = match.request.requester
    text = visitor().come_in(person).get(f"/requests/{approved.request_id}/proposed").text
    assert "Twenty years of arms trafficking cases." in text
    assert "Нет краткого описания на вашем языке." in text


ORIGINAL = "[in the original language]"


def test_a_post_and_titles_in_another_language_than_the_readers_say_so(
    app: Flask, approved: Match, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        match = session.get_one(Match, approved.id)
        match.expert.post = "Načelnica Odjeljenja za oružje"
        match.expert.evidence[0].title = "Obuka istražitelja u praćenju oružja"
        office = factories.account(session, Role.COORDINATOR)
        operations.propose(factories.work(session, office), match.request)
        person = match.request.requester
    requester = visitor().come_in(person)
    text = requester.get(f"/requests/{approved.request_id}/proposed").text
    assert f"Načelnica Odjeljenja za oružje {ORIGINAL}" in text
    assert f"Obuka istražitelja u praćenju oružja {ORIGINAL}" in text


def test_a_post_and_titles_in_the_readers_language_say_nothing_of_it(
    app: Flask, approved: Match, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        match = session.get_one(Match, approved.id)
        office = factories.account(session, Role.COORDINATOR)
        operations.propose(factories.work(session, office), match.request)
        person = match.request.requester
    text = visitor().come_in(person).get(f"/requests/{approved.request_id}/proposed").text
    assert "Course on firearms tracing" in text
    assert ORIGINAL not in text


def let_requester_read(app: Flask, approved: Match, language: str) -> None:
    with writing(app) as session:
        session.get_one(Match, approved.id).request.requester.language = language


@pytest.fixture
def third_language(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the platform speak Albanian as well."""
    for module in (forms, summaries):
        monkeypatch.setattr(module, "languages", lambda: ("en", "ru", "sq"))
    return "sq"


@pytest.mark.usefixtures("third_language")
@pytest.mark.parametrize("now", ["en", "sq"])
def test_a_summary_is_kept_and_not_relabelled_when_the_requester_has_changed_their_language(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages], now: str
) -> None:
    let_requester_read(app, approved, "ru")
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    let_requester_read(app, approved, now)
    typed = {IN_RUSSIAN: SUMMARY, f"match-{approved.id}-note": NOTE}
    refused = page.submit("Propose to the requester", typed, status=409)
    assert "has chosen another language since you opened the page" in refused.text
    assert f"What you had written: {SUMMARY}" in refused.text
    values = refused.form("Propose to the requester").values
    assert values[f"match-{approved.id}-note"] == [NOTE]
    assert values.get(f"match-{approved.id}-summary") == [""]
    with reading(app) as session:
        assert session.get_one(Match, approved.id).state is MatchState.APPROVED
    refused.submit("Propose to the requester", {f"match-{approved.id}-summary": "Traces arms."})
    with reading(app) as session:
        match = session.get_one(Match, approved.id)
        assert (match.state, match.said_to_requester) == (MatchState.PROPOSED, NOTE)
        assert (match.summary_written, match.summary_language) == ("Traces arms.", now)


def test_a_page_refused_for_what_it_says_goes_on_in_the_language_in_which_it_asked(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages]
) -> None:
    let_requester_read(app, approved, "ru")
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    let_requester_read(app, approved, "en")
    typed = {IN_RUSSIAN: SUMMARY, f"match-{approved.id}-note": "w" * 1001}
    page = page.submit("Propose to the requester", typed, status=400)
    assert page.form("Propose to the requester").values[f"match-{approved.id}-summary"] == [SUMMARY]
    page.submit("Propose to the requester", {f"match-{approved.id}-note": NOTE}, status=409)


def test_a_summary_written_before_in_another_language_is_not_taken_up(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages], third_language: str
) -> None:
    with writing(app) as session:
        match = session.get_one(Match, approved.id)
        match.summary_written, match.summary_language = SUMMARY, "ru"
    coordinator = sign_in_as(Role.COORDINATOR)
    for language, shown in (("ru", SUMMARY), (third_language, "")):
        let_requester_read(app, approved, language)
        page = coordinator.get(f"/requests/{approved.request_id}/propose")
        values = page.form("Propose to the requester").values
        assert values[f"match-{approved.id}-summary"] == [shown]


@pytest.mark.parametrize("own", ["", "Twenty years of arms trafficking cases."])
def test_a_summary_in_english_is_asked_for_where_the_profile_has_none(
    app: Flask,
    approved: Match,
    sign_in_as: Callable[..., Pages],
    visitor: Callable[[], Pages],
    own: str,
) -> None:
    with writing(app) as session:
        session.get_one(Match, approved.id).expert.english_summary = own
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    field = f"match-{approved.id}-summary"
    assert (field in page.form("Propose to the requester").values) is not bool(own)
    typed = {WHY: NOTE} if own else {WHY: NOTE, field: "Traces firearms."}
    page.submit("Propose to the requester", typed, status=302)
    requester = visitor().come_in(approved.request.requester)
    text = requester.get(f"/requests/{approved.request_id}/proposed").text
    assert (own or "Traces firearms.") in text


@pytest.mark.parametrize(
    ("language", "summary", "offered"),
    [
        ("en", "Has taught the tracing of firearms to police officers for years.", True),
        ("en", "Predavala je istragu i praćenje oružja policijskim službenicima.", False),
        ("ru", SUMMARY, True),
        ("ru", "Has taught the tracing of firearms to police officers for years.", False),
    ],
)
def test_what_a_profile_says_in_the_requesters_language_is_offered_as_its_summary(
    app: Flask,
    approved: Match,
    sign_in_as: Callable[..., Pages],
    language: str,
    summary: str,
    offered: bool,
) -> None:
    let_requester_read(app, approved, language)
    with writing(app) as session:
        expert = session.get_one(Match, approved.id).expert
        expert.english_summary, expert.summary = "", summary
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    values = page.form("Propose to the requester").values[f"match-{approved.id}-summary"]
    assert values == [summary if offered else ""]


def test_a_summary_in_english_is_kept_that_the_profile_has_got_one_of_meanwhile(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages]
) -> None:
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    with writing(app) as session:
        session.get_one(Match, approved.id).expert.english_summary = "Twenty years of cases."
    typed = {WHY: NOTE, f"match-{approved.id}-summary": "Traces firearms."}
    page.submit("Propose to the requester", typed, status=302)
    with reading(app) as session:
        match = session.get_one(Match, approved.id)
        assert (match.summary_written, match.summary_language) == ("Traces firearms.", "en")


def test_nobody_is_proposed_who_was_not_on_the_page(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages]
) -> None:
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    with writing(app) as session:
        request = session.get_one(Match, approved.id).request
        request.experts_needed = 2
        unseen = factories.match(session, MatchState.APPROVED, request=request)
        name = unseen.expert.name
    refused = page.submit(
        "Propose to the requester", {f"match-{approved.id}-note": NOTE}, status=409
    )
    assert "Others are approved than when you opened this page." in refused.text
    assert name in refused.text
    assert "She has led" in refused.text
    with reading(app) as session:
        assert session.get_one(Match, unseen.id).state is MatchState.APPROVED
    refused.submit("Propose to the requester", {f"match-{unseen.id}-note": NOTE})
    with reading(app) as session:
        assert session.get_one(Match, unseen.id).state is MatchState.PROPOSED


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("For ten years I have led the department of weapons law and trained officers.", "en"),
        ("Police inspector", "en"),
        ("Десять лет я руковожу отделом и обучаю сотрудников полиции всей области.", "ru"),
        ("Ich leite seit zehn Jahren die Abteilung für Waffenrecht im Ministerium.", None),
        ("Διευθύνω το τμήμα αδειών όπλων του υπουργείου εδώ και δέκα χρόνια στην Αθήνα.", None),
    ],
)
def test_a_text_in_a_language_that_nobody_here_reads_is_in_none_of_the_others(
    text: str, language: str | None
) -> None:
    assert [one for one in ("en", "ru") if summaries.is_in(text, one)] == (
        [language] if language else []
    )


def test_the_page_of_the_proposal_says_where_its_summary_comes_from(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages]
) -> None:
    own = "Has taught the tracing of firearms to police officers for years."
    with writing(app) as session:
        expert = session.get_one(Match, approved.id).expert
        expert.english_summary, expert.summary = "", own
    text = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose").text
    assert "It begins as the profile has it, and the requester reads what stands here." in text
    assert "As it stands in the form below." in text
    assert "The profile has none in English" not in text
    assert "not given" not in text.split("Can help as")[0].split("Summary")[1]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_foreign_is_so_to_the_requester_and_not_to_who_proposes(
    app: Flask, approved: Match, sign_in_as: Callable[..., Pages], language: str
) -> None:
    let_requester_read(app, approved, language)
    with writing(app) as session:
        expert = session.get_one(Match, approved.id).expert
        expert.english_summary = "Twenty years of arms trafficking cases."
        expert.post = "Chief of the unit for the tracing of firearms"
        expert.evidence[0].title = "Курс по расследованию незаконного оборота оружия"
    page = sign_in_as(Role.COORDINATOR).get(f"/requests/{approved.request_id}/propose")
    in_russian = "незаконного оборота оружия [in the original language]" in page.text
    in_english = "the tracing of firearms [in the original language]" in page.text
    assert (in_russian, in_english) == (language == "en", language == "ru")
