"""The case this platform exists for, written from the facts: Bishkek, 5 and 6 November 2018.

A regional conference of the United Nations on ending violence against women and girls asked for
police experience. The platform sent one inspector of the interior ministry of Republika Srpska, who
chairs that ministry's network of women and has worked on gender mainstreaming in the police since
2010; she spoke on what networks of women police change inside an institution. The name is invented,
and the days lie in the future so that the request can still be answered.
"""

import json
from datetime import date
from typing import Any

from flask import Flask

from tests import factories
from tests.databases import writing
from webapp import demo
from webapp.config import DATA
from webapp.core import clock
from webapp.core.roles import Role
from webapp.experts import operations as experts

START, END = date(2031, 11, 5), date(2031, 11, 6)

REQUEST: dict[str, Any] = {
    "title": "Police voice at the regional conference on ending violence against women and girls",
    "objectives": (
        "Governments of Central Asia and their partners meet for two days in Bishkek to discuss how"
        " violence against women and girls can be ended. We would like to hear from a serving"
        " police officer how the police changes when women in it organise themselves."
    ),
    "tasks": (
        "Speak for half an hour on what a network of women police officers changes inside the"
        " institution, take part in the panel on the response of the police, and answer questions"
        " of chiefs of police and of civil society."
    ),
    "audience": "Ministers, chiefs of police, prosecutors and women's organisations.",
    "existing": (
        "The congress hall has interpretation booths for three languages, a firearms exhibition in"
        " the foyer and a dog show of the border guard."
    ),
}

EXPERT: dict[str, Any] = {
    "name": "Snježana Izmišljena",
    "headline": "Inspector, chair of the women's network of the ministry",
    "authority": "Ministry of Interior of Republika Srpska",
    "jurisdiction": "BIH",
    "gender": "female",
    "summary": (
        "Since 2010 I have worked on gender mainstreaming in the police: plans, training of"
        " managers, and the place of women in our ranks. I chair the network of women of our"
        " ministry, which gave policewomen a voice in decisions on equipment, shifts and careers."
    ),
    "themes": ["GEN-POL-ASSOC", "GEN-POL"],
    "experience": [
        {
            "title": "Chair of the network of women police officers",
            "description": (
                "Meetings in every police administration, mentoring of younger colleagues, and"
                " talks with the minister on harassment, uniforms and promotion."
            ),
            "country": "BIH",
            "start": "2014-03",
        },
        {
            "title": "Training for patrols on violence against women",
            "description": "How to meet a woman who calls for help, and what not to ask her.",
            "country": "BIH",
            "start": "2016-09",
            "end": "2016-12",
        },
    ],
    "languages": {"sr": "C2", "en": "B2", "ru": "B1"},
    "max_days": 10,
}


def join(app: Flask) -> dict[Role, str]:
    """Put the demo roster and the inspector into the database; return addresses by role."""
    with writing(app) as session:
        accounts = {
            role: factories.account(session, role)
            for role in (Role.REQUESTER, Role.COORDINATOR, Role.EXPERT)
        }
        rivals = (DATA / "demo" / "experts.jsonl").read_text(encoding="utf-8").splitlines()
        for row in [*map(json.loads, rivals), EXPERT]:
            expert = demo.expert_of(row, clock.now())
            if row is EXPERT:
                expert.account_id = accounts[Role.EXPERT].id
            experts.add(factories.work(session), expert)
        return {role: account.email for role, account in accounts.items()}


def come_in(chromium: Any, url: str, address: str, count: Any) -> Any:
    """Sign somebody in on a browser of their own that is counted; return its page."""
    context = chromium.new_context(base_url=url, locale="en-GB")
    context.set_default_timeout(120_000)
    count.follow(context)
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    return page
