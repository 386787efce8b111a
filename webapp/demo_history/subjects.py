"""What governments ask for in a made-up history, as they would write it."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from webapp.core.words.vocabularies import CefrLevel, HelpKind, LanguageNeed
from webapp.demo_history.stories import Asker
from webapp.expertise_requests.content import Content

_TOGETHER = (1, 1, 1, 2, 2, 3)
_TEAM = (2, 3, 4, 7)


@dataclass(frozen=True)
class Subject:
    """A kind of help: its texts, and how long it takes how many."""

    title: str
    objectives: str
    tasks: str
    themes: tuple[str, ...]
    kind: HelpKind
    days: tuple[int, int] = (2, 5)
    people: tuple[int, ...] = field(default=_TOGETHER)


SUBJECTS = (
    Subject(
        "Course on tracing seized firearms",
        "Investigators trace a seized firearm to its last legal owner by themselves.",
        "Teach marking, record keeping and tracing requests on cases of our own.",
        ("SALW-MTR", "SALW-TRF"), HelpKind.TRAINER, (3, 5),
    ),
    Subject(
        "Review of the draft law on weapons",
        "The law covers deactivation, collectors and storage at home as neighbours' laws do.",
        "Read the draft, meet the working group, and write comments article by article.",
        ("SALW-POL",), HelpKind.ADVISER, (3, 6),
    ),
    Subject(
        "Security of ammunition depots",
        "Depots are guarded and kept by one written procedure.",
        "Visit two depots, write an assessment of the risks, and train storekeepers.",
        ("SALW-PSSM", "AMMO"), HelpKind.ASSESSOR, (4, 8), (1, 2, 2, 3),
    ),
    Subject(
        "Investigation of arms trafficking across borders",
        "Police and customs work on one case together, from the seizure to the indictment.",
        "Lead exercises on controlled deliveries, open sources and requests to other states.",
        ("SALW-TRF", "BRD"), HelpKind.TRAINER, (3, 5),
    ),
    Subject(
        "Women police officers' network",
        "An association of policewomen has its statute, its first plan and support above it.",
        "Share how a network began, advise its board, and speak with the chiefs of police.",
        ("GEN-POL-ASSOC", "GEN-POL"), HelpKind.MENTOR, (2, 4),
    ),
    Subject(
        "Response of the police to domestic violence",
        "Patrols assess the risk, protect victims and look for firearms in the home.",
        "Train patrol officers on risk assessment and on the removal of weapons.",
        ("GEN-GBV", "SALW-GEN"), HelpKind.TRAINER, (3, 5),
    ),
    Subject(
        "Gender trainers for the armed forces",
        "Instructors of the armed forces teach gender equality by a curriculum of their own.",
        "Hold a course for trainers and go through their first lessons with them.",
        ("GEN-MIL", "TRN-TOT"), HelpKind.TRAINER, (5, 10), _TEAM,
    ),
    Subject(
        "Recruitment and careers of women in the police",
        "More women apply, pass the training and stay in the service.",
        "Look through rules of recruitment and promotion and write recommendations.",
        ("GEN-POL",), HelpKind.ADVISER, (3, 5),
    ),
    Subject(
        "Ballistic laboratory and chain of custody",
        "Evidence from a scene of crime is kept and compared so that courts accept it.",
        "Assess the laboratory, train examiners, and write procedures for evidence.",
        ("POL-FOR",), HelpKind.ASSESSOR, (4, 9), (1, 1, 2),
    ),
    Subject(
        "Campaign against shots fired in celebration",
        "Fewer people are hurt by shots at weddings and on New Year's Eve.",
        "Help to plan messages, partners in schools, and the count of what has changed.",
        ("SALW-AWR", "SALW-COL"), HelpKind.ADVISER, (2, 4),
    ),
    Subject(
        "Export licences and end use",
        "Licensing officers check brokers and end users by one list of questions.",
        "Teach risk assessment of licences on real, closed cases.",
        ("SALW-EXP",), HelpKind.TRAINER, (2, 4),
    ),
    Subject(
        "Action plan on women, peace and security",
        "The second action plan has indicators, money and somebody who answers for them.",
        "Advise the working group on indicators and on what neighbours have learnt.",
        ("GEN-POLICY",), HelpKind.ADVISER, (2, 4),
    ),
    Subject(
        "Complaints about sexual harassment in the service",
        "Persons of trust are named and trained, and complaints are answered in time.",
        "Train persons of trust, and help to write the procedure of complaints.",
        ("GEN-HARASS",), HelpKind.TRAINER, (2, 4),
    ),
    Subject(
        "Regional conference on small arms",
        "Delegations hear what commissions of other states have agreed on and why it lasted.",
        "Speak on the work of a national commission and lead one working group.",
        ("SALW-COM", "SALW-MON"), HelpKind.SPEAKER, (1, 2),
    ),
    Subject(
        "Destruction of surplus weapons",
        "Surplus weapons are destroyed under a record that anybody can check.",
        "Advise on methods, safety and the record, and be present at the first destruction.",
        ("SALW-DES", "AMMO"), HelpKind.ADVISER, (4, 8),
    ),
    Subject(
        "Search of vehicles at border crossings",
        "Officers find weapons in vehicles by a routine and know what to do with them.",
        "Show techniques of searching, with exercises at one crossing.",
        ("BRD", "SALW-TRF"), HelpKind.TRAINER, (3, 5), (1, 2, 2),
    ),
)  # fmt: skip
# How somebody says for whom the help is; requests of one subject differ in it.
_GROUPS = (
    "for the capital", "for the regions", "for the academy", "for heads of unit",
    "for the border regions", "for a new unit", "for a second group", "for a joint working group",
)  # fmt: skip
# So long before a mission its host has to know who comes. Who gives these kinds of help is needed
# on some days of a longer time alone.
NAMES_AHEAD = timedelta(days=21)
_BY_THE_DAY = frozenset({HelpKind.ADVISER, HelpKind.MENTOR})


def compose(rng: random.Random, asker: Asker, sent: date) -> Content:
    """Return what a requester writes on a day; the mission is weeks or months ahead."""
    subject = rng.choice(SUBJECTS)
    start = sent + timedelta(days=rng.randint(45, 110))
    # Missions begin on the working days from Monday to Wednesday.
    start += timedelta(days=(7 - start.weekday()) % 7 + rng.randint(0, 2))
    days = rng.randint(*subject.days)
    return Content(
        title=f"{subject.title} {rng.choice(_GROUPS)}, {asker.town}",
        objectives=subject.objectives,
        tasks=subject.tasks,
        themes=subject.themes,
        help_kind=subject.kind,
        jurisdiction=asker.jurisdiction,
        place=asker.town,
        start=start,
        end=start + timedelta(days=days - 1),
        days_needed=days - 1 if subject.kind in _BY_THE_DAY and days > 3 else None,
        names_by=start - NAMES_AHEAD,
        experts_needed=rng.choice(subject.people),
        languages=(("en", CefrLevel.B1, LanguageNeed.USEFUL),),
        security="Calm; the host meets experts at the airport.",
    )
