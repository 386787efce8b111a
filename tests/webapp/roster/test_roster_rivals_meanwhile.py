"""Whoever becomes considered by joining two profiles decides on no rival in the same moment."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Pages
from tests.webapp.roster.test_roster_own_decisions import C, considered, two_of_a_coordinator
from webapp.core import clock
from webapp.core.db import db
from webapp.core.record.stored_words import pack
from webapp.experts.models import Expert
from webapp.experts.standing_tables import PhoneCall
from webapp.matches.models import MatchState

pytestmark = [pytest.mark.postgres, pytest.mark.thorough]


@pytest.mark.parametrize("act", ["call", "contact"])
def test_nobody_decides_on_a_rival_while_their_own_profiles_are_joined(
    app: Flask, act: str
) -> None:
    with writing(app) as session:
        person, own, _second = two_of_a_coordinator(session)
        colleague = factories.account(session, C)
        match = considered(session, MatchState.INVITED, colleague)
        rival = factories.expert(session, signs_in=False, telephone="+382 20 000 000")
        factories.match(session, request=match.request, coordinator=colleague, expert=rival)
        call = PhoneCall(expert_id=rival.id, since=clock.now(), words={"what": pack("Please ring")})
        session.add(call)
        session.flush()
        sent: dict[str, tuple[str, dict[str, Any]]] = {
            "call": (f"/calls/{call.id}/done", {}),
            "contact": (
                f"/roster/{rival.id}/contact",
                {"contact-version": rival.version, "contact-telephone": "+382 20 000 001"},
            ),
        }
        join, rivals, called = f"/roster/{own.id}/join/{match.expert_id}", rival.id, call.id
    theirs, ours = Pages(app).sign_in(person), Pages(app).sign_in(colleague)
    form = next(one for one in ours.get(join).forms if one.action == join)
    joining = form.values | {"sure": ["y"], "csrf_token": [ours.own_token()]}
    address, values = sent[act]
    deciding = values | {"csrf_token": theirs.own_token()}
    with ThreadPoolExecutor(1) as beside:
        begun: list[Future[Any]] = []

        def meanwhile(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("INSERT INTO profile_merge") and not begun:
                begun.append(beside.submit(theirs.client.post, address, data=deciding))
                with pytest.raises(TimeoutError):
                    begun[0].result(timeout=1)

        with app.app_context():
            engine = db.engine
        with listening(engine, "before_cursor_execute", meanwhile):
            assert ours.client.post(join, data=joining).status_code == 302
            # Nobody stops listening while the other statement is heard.
            assert begun[0].result(timeout=20).status_code == 403
    with reading(app) as session:
        assert session.get_one(Expert, rivals).telephone == "+382 20 000 000"
        assert session.get_one(PhoneCall, called).done_at is None
