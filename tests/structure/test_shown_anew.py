"""What an administrator does to open a way in asks who it is: whoever finds a session that was left
open makes no other administrator of it. What shuts somebody out does not wait for that."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.access import GRANTS, permission_of
from webapp.core.roles import Role

REASONS = {
    "membership.act": "shuts somebody out, or sends an invitation anew to the same address",
    "membership.correct": "says where somebody works, by which nobody comes by a side",
    "messages.forget_host": "opens nothing",
    "messages.try_again": "sends a mail to whom it was for",
    "messages.try_all_again": "sends mails to whom they were for",
    "organisations.close": "takes a way in away",
    "organisations.create": "has no members yet",
    "organisations.remove_member": "takes a way in away",
    "organisations.save": "changes what it is called",
    "themes.add_synonym": "is about words",
    "themes.create": "is about words",
    "themes.move": "is about words",
    "themes.remove_synonym": "is about words",
    "themes.rename": "is about words",
    "themes.retire": "is about words",
}
OTHERS = set().union(*(GRANTS[role] for role in Role if role is not Role.ADMINISTRATOR))


def test_every_act_of_administrators_asks_who_it_is_or_says_why_not(app: Flask) -> None:
    theirs = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and permission_of(app, rule.endpoint) in GRANTS[Role.ADMINISTRATOR] - OTHERS
    }
    asks = {name for name in theirs if getattr(app.view_functions[name], "asks_anew", False)}
    assert theirs - asks == set(REASONS)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/accounts/invite", {"email": "evil@example.org", "name": "E", "roles": "administrator"}),
        ("/accounts/{person}/roles", {"roles": "coordinator", "seen_roles": "expert"}),
        ("/accounts/{gone}/reactivate", {}),
        ("/organisations/{house}/members", {"email": "{email}"}),
        ("/settings", {"four_eyes": "", "version": "1"}),
    ],
)
def test_a_session_that_was_left_open_opens_no_way_in(
    app: Flask, visitor: Callable[[], Pages], clock: Any, path: str, sent: dict[str, str]
) -> None:
    with writing(app) as session:
        administrator = factories.account(session, Role.ADMINISTRATOR)
        person = factories.account(session, Role.EXPERT)
        gone = factories.account(session, Role.EXPERT)
        gone.active = False
        house = factories.organisation(session).id
    pages = visitor().sign_in(administrator)
    token = pages.own_token()
    clock.shift(timedelta(minutes=20))
    facts = {"person": person.id, "gone": gone.id, "house": house, "email": person.email}
    values = {name: value.format(**facts) for name, value in sent.items()}
    answer = pages.client.post(path.format(**facts), data={"csrf_token": token, **values})
    assert answer.status_code == 302
    assert "/verify" in answer.headers["Location"]
    with reading(app) as session:
        assert session.query(Account).count() == 3
        stored = session.get_one(Account, person.id)
        assert stored.kinds == {Role.EXPERT}
        assert stored.organisation_id is None
        assert not session.get_one(Account, gone.id).active
