"""The missions of January 2016 to June 2017 in outline: who is on the roster, and what is asked.

Names and institutions are made up, and so is who went where.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import time_machine
from flask import Flask

from tests import factories
from tests.databases import writing
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import Evidence, EvidenceKind, ExpertTheme, Gender

# Before the first request, when everybody has joined.
JOINED = date(2016, 1, 4)
W, X = Gender.FEMALE, Gender.MALE


@dataclass(frozen=True)
class Subject:
    """What a mission is about: its theme, what is asked, and how who knows it says so."""

    theme: str
    title: str
    tasks: str
    known: str


SPEAKER = Subject(
    "GEN-POL", "A speaker on gender equality in the police",
    "Speak on how the police changes when women in it organise themselves.",
    "Has worked on gender equality in the police, with plans and training of managers.",
)  # fmt: skip
COURSE = Subject(
    "GEN-MIL", "Instructors for gender trainers of the armed forces",
    "Teach two groups of future gender trainers of the armed forces.",
    "Is a gender trainer of the armed forces and teaches gender before operations.",
)  # fmt: skip
TRAFFICKING = Subject(
    "SALW-TRF", "Investigation of firearms trafficking",
    "Advise investigators of firearms trafficking on a case that crosses borders.",
    "Investigates firearms trafficking and arms smuggling across borders.",
)  # fmt: skip
STORES = Subject(
    "SALW-PSSM", "Security of stockpiles",
    "Assess physical security and stockpile management of two depots.",
    "Answers for physical security and stockpile management of depots.",
)  # fmt: skip
AMMUNITION = Subject(
    "AMMO", "Surveillance of ammunition",
    "Advise on ammunition surveillance and demilitarisation.",
    "Is an inspector for ammunition surveillance and demilitarisation.",
)  # fmt: skip
MARKING = Subject(
    "SALW-MTR", "Marking and tracing of weapons",
    "Introduce the marking, tracing and registration of weapons of the police.",
    "Leads a unit for the marking, tracing and registration of weapons.",
)  # fmt: skip
COLLECTION = Subject(
    "SALW-COL", "A campaign for the surrender of weapons",
    "Advise on weapons collection, legalisation and voluntary surrender.",
    "Has led a campaign for weapons collection and voluntary surrender.",
)  # fmt: skip
SUBJECTS = (SPEAKER, COURSE, TRAFFICKING, STORES, AMMUNITION, MARKING, COLLECTION)


@dataclass(frozen=True)
class Mission:
    """A request: who asks for how many on what, and from when until when."""

    subject: Subject
    host: str
    place: str
    start: date
    end: date
    experts: int = 1


# In the order in which they are sent.
SINGLE = Mission(SPEAKER, "KGZ", "Bishkek", date(2016, 3, 7), date(2016, 3, 8))
TEAM = Mission(COURSE, "GEO", "Tbilisi", date(2016, 6, 6), date(2016, 6, 17), experts=7)
DECLINED = Mission(TRAFFICKING, "UKR", "Kyiv", date(2016, 9, 5), date(2016, 9, 7))
REFUSED = Mission(STORES, "KGZ", "Osh", date(2016, 10, 3), date(2016, 10, 7))
CANCELLED = Mission(AMMUNITION, "GEO", "Kutaisi", date(2016, 11, 7), date(2016, 11, 10))
CURTAILED = Mission(MARKING, "UKR", "Odesa", date(2017, 2, 6), date(2017, 2, 15))
UNFILLED = Mission(COLLECTION, "KGZ", "Naryn", date(2017, 5, 8), date(2017, 5, 9))
MISSIONS = (SINGLE, TEAM, DECLINED, REFUSED, CANCELLED, CURTAILED, UNFILLED)


@dataclass(frozen=True)
class Official:
    """An expert of the roster."""

    name: str
    gender: Gender
    home: str
    knows: tuple[Subject, ...]


# Those of the team come from four jurisdictions.
INSTRUCTORS = (
    Official("Amila Izmišljena", W, "BIH", (SPEAKER, COURSE)),
    Official("Branko Izmišljeni", X, "BIH", (COURSE,)),
    Official("Danica Nestvarna", W, "SRB", (COURSE,)),
    Official("Emil Nestvarni", X, "SRB", (COURSE,)),
    Official("Filipa Zamislena", W, "MKD", (COURSE,)),
    Official("Goran Zamislen", X, "MKD", (COURSE,)),
    Official("Hana Nepostojeća", W, "MNE", (COURSE,)),
)
(AMILA, BRANKO, *_) = INSTRUCTORS
ILIR = Official("Ilir Shpikur", X, "ALB", (TRAFFICKING,))
JUSUF = Official("Jusuf Trilluar", X, "ALB", (TRAFFICKING,))
KOSTA = Official("Kosta Nestvarni", X, "SRB", (STORES,))
LANA = Official("Lana Izmišljen", W, "HRV", (STORES,))
MARIN = Official("Marin Izmišljen", X, "HRV", (AMMUNITION,))
NIKOLA = Official("Nikola Nepostojeći", X, "MNE", (MARKING,))
ASKED_IN_VAIN = (
    Official("Olga Inventata", W, "MDA", (COLLECTION,)),
    Official("Petru Inventat", X, "MDA", (COLLECTION,)),
    Official("Roza Shpikur", W, "ALB", (COLLECTION,)),
    Official("Stevan Nestvarni", X, "SRB", (COLLECTION,)),
)
ROSTER = (*INSTRUCTORS, ILIR, JUSUF, KOSTA, LANA, MARIN, NIKOLA, *ASKED_IN_VAIN)
# Whose ministry answers on the platform; for the others nobody has to be asked.
RELEASED_BY_LETTER = {AMILA: "BIH", BRANKO: "BIH", KOSTA: "SRB"}


@dataclass
class People:
    """The accounts of those who act: SEESAC, and requesters, ministries and experts by name."""

    office: Account
    requesters: dict[str, Account] = field(default_factory=dict)
    ministries: dict[str, Account] = field(default_factory=dict)
    experts: dict[str, Account] = field(default_factory=dict)


def join(app: Flask) -> People:
    """Let everybody join, and each requester write what will be asked for."""
    with time_machine.travel(JOINED, tick=False), writing(app) as session:
        people = People(factories.account(session, Role.COORDINATOR))
        for home in sorted(set(RELEASED_BY_LETTER.values())):
            ministry = factories.organisation(session, f"Ministry of {home}", home)
            people.ministries[home] = factories.account(
                session, Role.NOMINATING_AUTHORITY, organisation_id=ministry.id
            )
        for one in ROSTER:
            made = factories.expert(session, **_profile(one))
            if ministry_of := people.ministries.get(RELEASED_BY_LETTER.get(one, "")):
                factories.make_official(session, made, ministry_of.organisation_id)
            assert made.account
            people.experts[one.name] = made.account
        for mission in MISSIONS:
            asker = people.requesters.get(mission.host) or factories.account(
                session, Role.REQUESTER, jurisdiction=mission.host
            )
            people.requesters[mission.host] = asker
            factories.request(session, RequestState.DRAFT, requester=asker, **_content(mission))
    return people


def _profile(one: Official) -> dict[str, Any]:
    known = " ".join(subject.known for subject in one.knows)
    return {
        "name": one.name,
        "gender": one.gender,
        "jurisdiction": one.home,
        "summary": known,
        "themes": [
            ExpertTheme(theme_code=subject.theme, priority=place, years=9)
            for place, subject in enumerate(one.knows, 1)
        ],
        "evidence": [
            Evidence(
                kind=EvidenceKind.POST,
                title=subject.title,
                description=subject.known,
                jurisdiction=one.home,
                started=date(2010, 3, 1),
            )
            for subject in one.knows
        ],
        "trainings": [],
    }


def _content(mission: Mission) -> dict[str, Any]:
    subject = mission.subject
    return {
        "title": subject.title,
        "background": "",
        "objectives": subject.tasks,
        "tasks": subject.tasks,
        "jurisdiction": mission.host,
        "place": mission.place,
        "start": mission.start,
        "end": mission.end,
        "experts_needed": mission.experts,
        "themes": (subject.theme,),
    }
