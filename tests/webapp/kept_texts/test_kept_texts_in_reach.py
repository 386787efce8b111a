"""What was typed is kept, and shown again, only while its writer could send it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.roster_imports.made_tables import HEADINGS, people, workbook
from tests.webapp.roster_imports.sending import Importer, work
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core import sent_fields
from webapp.core.actor import SYSTEM
from webapp.core.in_reach import _refuse_nobody
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Expert, ProfileView
from webapp.kept_texts import rules
from webapp.kept_texts.models import KeptText
from webapp.my_data import operations as my_data

Visitor = Callable[[], Pages]
SignIn = Callable[..., Pages]
WORDS = "The officer told us by telephone of an operation."
# The forms of these are about oneself, organisations, themes and the platform, and name no expert.
OF_NOBODY = {"messages", "my_data", "organisations", "platform_settings", "security", "themes"}
# Of these nothing is kept: they are open to strangers, hold passwords and codes alone, or keep what
# is typed themselves.
NEVER_KEPT = {"accounts", "kept_texts", "upkeep"}


def keep(pages: Pages, path: str) -> str:
    """Send what the script sends in a pause; return the token that it gets, if it gets one."""
    sent = {"csrf_token": pages.own_token(), sent_fields.PAGE: path, "summary": WORDS}
    answer = pages.client.post("/kept-texts/typing", data=sent)
    return str(answer.get_json()[sent_fields.TOKEN]) if answer.status_code == 201 else ""


def rows(app: Flask) -> int:
    with reading(app) as session:
        return session.query(KeptText).count()


def test_every_form_about_a_thing_has_somebody_who_tells_whether_it_may_be_sent(app: Flask) -> None:
    told = app.extensions["in_reach"]
    with_forms = {
        rule.endpoint.partition(".")[0]
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }
    assert with_forms - set(told) == NEVER_KEPT
    assert {name for name, refuse in told.items() if refuse is _refuse_nobody} == OF_NOBODY


def test_nothing_is_kept_of_what_nobody_has_spoken_for(app: Flask, sign_in_as: SignIn) -> None:
    """A package that forgets to say whose its things are loses texts, and shows none to others."""
    pages = sign_in_as(Role.REQUESTER)
    assert keep(pages, "/requests/new")
    del app.extensions["in_reach"]["expertise_requests"]
    assert keep(pages, "/requests/new") == ""


def test_a_table_is_written_about_by_who_may_open_it_alone(app: Flask, visitor: Visitor) -> None:
    importer = Importer(app, visitor())
    importer.send(workbook([HEADINGS, *people(1)]))
    with writing(app) as session:
        colleague = factories.account(session, Role.COORDINATOR)
    path = f"{importer.path()}/columns"
    assert keep(importer.pages, path)
    assert keep(visitor().come_in(colleague), path) == ""


def test_an_open_window_brings_nobody_back_who_was_erased(
    app: Flask, visitor: Visitor, clock: Any
) -> None:
    with writing(app) as session:
        mission = factories.returned_mission(session, clock)
        office = factories.account(session, Role.COORDINATOR)
        number, expert = mission.id, mission.match.expert_id
        other = factories.expert(session, signs_in=False).id
    pages = visitor().come_in(office)
    paths = [
        f"/roster/{other}/write/about", f"/roster/{expert}/notes", f"/deployments/{number}/days",
        f"/deployments/{number}/reports/expert/give-back",
    ]  # fmt: skip
    assert "" not in [keep(pages, path) for path in paths]
    with writing(app) as session:
        for profile in (expert, other):
            work_ = factories.work(session, SYSTEM)
            my_data.erase(work_, session.get_one(Expert, profile))
    assert [keep(pages, path) for path in paths] == [""] * 4
    assert rows(app) == 0


def test_what_was_typed_for_seesac_is_read_no_more_without_the_role(
    app: Flask, visitor: Visitor, clock: Any
) -> None:
    with writing(app) as session:
        mission = factories.returned_mission(session, clock)
        office = factories.account(session, Role.COORDINATOR)
    token = keep(visitor().come_in(office), f"/deployments/{mission.id}/reports/expert/give-back")
    assert WORDS in visitor().come_in(office).get(f"/kept-texts/{token}").text
    with writing(app) as session:
        by = factories.work(session, factories.account(session, Role.ADMINISTRATOR))
        accounts.change_roles(by, session.get_one(Account, office.id), {Role.EXPERT})
    visitor().come_in(office).get(f"/kept-texts/{token}", status=404)


def test_nobody_is_noted_as_shown_what_is_not_theirs_to_open(
    app: Flask, visitor: Visitor, world: factories.World
) -> None:
    official = world.experts[0].id
    pages = visitor().come_in(world.second(Role.NOMINATING_AUTHORITY))
    with reading(app) as session:
        before = session.query(ProfileView).count()
    assert keep(pages, f"/officials/{official}/approvals") == ""
    assert keep(pages, "/officials/999999/approvals") == ""
    with reading(app) as session:
        assert session.query(ProfileView).count() == before
    own = visitor().come_in(world.first(Role.NOMINATING_AUTHORITY))
    with reading(app) as session:
        house = session.get_one(Account, world.first(Role.NOMINATING_AUTHORITY).id).organisation_id
        theirs = session.scalars(sa.select(Expert.id).where(Expert.authority_id == house)).first()
    assert keep(own, f"/officials/{theirs}/approvals")


def test_what_was_typed_into_a_profile_goes_when_its_import_is_undone(
    app: Flask, visitor: Visitor
) -> None:
    importer = Importer(app, visitor())
    importer.store(workbook([HEADINGS, *people(1)]))
    with reading(app) as session:
        number = session.scalars(sa.select(Expert.id)).one()
    token = keep(importer.pages, f"/roster/{number}/write/about")
    assert token
    importer.pages.get(importer.path()).submit("Undo the import")
    work(app)
    assert rows(app) == 0
    assert keep(importer.pages, f"/roster/{number}/write/about") == ""


def test_a_long_address_is_as_much_as_a_long_text(app: Flask, visitor: Visitor) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED)
        office = factories.account(session, Role.COORDINATOR)
    pages, path = visitor().come_in(office), f"/requests/{request.id}/"
    assert keep(pages, path + "accept")
    sent = {"csrf_token": pages.own_token(), "summary": WORDS}
    long = {**sent, sent_fields.PAGE: path + "A" * rules.LONGEST_ADDRESS}
    assert pages.client.post("/kept-texts/typing", data=long).status_code == 413
    assert rows(app) == 1


@pytest.mark.postgres
def test_nothing_is_kept_while_its_writer_is_being_erased(app: Flask, visitor: Visitor) -> None:
    import threading

    with writing(app) as session:
        account = factories.account(session, Role.EXPERT)
        factories.expert(session, person=account)
    pages = visitor().come_in(account)
    pages.own_token()
    typing = threading.Thread(target=keep, args=(pages, "/profile/about"))
    with writing(app) as session:
        my_data.erase(factories.work(session, SYSTEM), session.get_one(Account, account.id))
        session.flush()
        typing.start()
        typing.join(1)
    typing.join()
    assert rows(app) == 0
