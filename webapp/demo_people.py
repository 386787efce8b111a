"""The people of the demo, all of them fictional: who signs in, and who else asks for help."""

from collections.abc import Mapping
from typing import Any

from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.search import folded
from webapp.organisations import operations as organisations
from webapp.organisations.models import OrganisationKind
from webapp.organisations.queries import find_alike

# role, name, address, institution, jurisdiction, and for experts the profile of the demo roster.
PEOPLE = (
    (Role.REQUESTER, "Gulnara Osmonbekova", "requester.kgz", "Ministry of Interior", "KGZ", None),
    (Role.REQUESTER, "Azamat Toktorov-Fik", "colleague.kgz", "Ministry of Interior", "KGZ", None),
    (Role.REQUESTER, "Ion Ceban-Rusu", "requester.mda", "General Inspectorate", "MDA", None),
    (Role.EXPERT, "", "expert.network", "", "", "A-E052"),
    (Role.EXPERT, "", "expert.scene", "", "", "A-E045"),
    (Role.EXPERT, "", "expert.smuggling", "", "", "A-E002"),
    (
        Role.NOMINATING_AUTHORITY,
        "Jelena Vukas",
        "authority.srb",
        "Ministry of Interior",
        "SRB",
        None,
    ),
    (Role.COORDINATOR, "Mira Kovač-Lind", "coordinator.one", "SEESAC", "SRB", None),
    (Role.COORDINATOR, "Petar Anđelić", "coordinator.two", "SEESAC", "SRB", None),
    (Role.ADMINISTRATOR, "Vesna Arsova", "administrator", "SEESAC", "SRB", None),
)
# Who has asked for help in the time before today as well, and the town of each; like those below
# they have no password that is told.
ASKERS = (
    ("Nino Gelovani-Test", "past.geo", "Ministry of Internal Affairs", "GEO", "Tbilisi"),
    ("Andrii Prykladenko", "past.ukr", "State Border Guard Service", "UKR", "Kyiv"),
    ("Anahit Orinakyan", "past.arm", "Ministry of Defence", "ARM", "Yerevan"),
    ("Farrukh Namunaev", "past.tjk", "Ministry of Internal Affairs", "TJK", "Dushanbe"),
    ("Milica Primjerović", "past.mne", "Police Directorate", "MNE", "Podgorica"),
)
# Who asks for governments for which nobody above does.
FOCAL_POINTS = (
    ("Arta Shembulli", "focal.alb", "Ministry of Interior", "ALB"),
    ("Lejla Primjerić", "focal.bih", "Ministry of Security", "BIH"),
    ("Paul Modèle-Mbarga", "focal.cmr", "Ministry of External Relations", "CMR"),
    ("Biljana Primerovska", "focal.mkd", "Ministry of Interior", "MKD"),
    ("Oumar Exemple-Keïta", "focal.mli", "National Commission on Small Arms", "MLI"),
    ("Aminata Fictive-Ndiaye", "focal.sen", "Ministry of the Armed Forces", "SEN"),
)


def load_people(
    work: UnitOfWork, profiles: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Make the accounts to sign in with, and return each with its password; `profiles` are the rows
    of the demo roster, by their ids."""
    people = []
    for role, name, address, institution, jurisdiction, profile in PEOPLE:
        person = profiles.get(profile or "", {})
        password = accounts.new_password()
        account = accounts.create(
            work,
            email=f"{address}@example.org",
            name=name or person["name"],
            roles=[role],
            password=password,
            institution=institution or person["authority"],
            jurisdiction=jurisdiction or person["jurisdiction"],
            demo=True,
        )
        if role is not Role.EXPERT:
            _make_member(work, account)
        people.append({"role": role, "password": password, "account": account, "profile": profile})
    return people


def load_focal_points(work: UnitOfWork, people: list[dict[str, Any]]) -> dict[str, Account]:
    """Make the accounts of those who ask and do not sign in, and return who asks for which
    government: of those who sign in the first one of each."""
    focal_points: dict[str, Account] = {}
    for person in people:
        if person["role"] is Role.REQUESTER:
            focal_points.setdefault(person["account"].jurisdiction, person["account"])
    for name, address, institution, jurisdiction in (*(row[:4] for row in ASKERS), *FOCAL_POINTS):
        account = accounts.create(
            work, email=f"{address}@example.org", name=name, roles=[Role.REQUESTER],
            institution=institution, jurisdiction=jurisdiction, demo=True,
        )  # fmt: skip
        _make_member(work, account)
        focal_points[jurisdiction] = account
    return focal_points


def _make_member(work: UnitOfWork, account: Account) -> None:
    """Put somebody into the organisation that their institution is."""
    name, jurisdiction = account.institution, account.jurisdiction
    known = find_alike(work.session, folded(name), jurisdiction, None)
    kind = OrganisationKind.SEESAC if name == "SEESAC" else OrganisationKind.MINISTRY
    about = organisations.About(name, kind, jurisdiction)
    organisations.add_member(work, known or organisations.create(work, about), account)
