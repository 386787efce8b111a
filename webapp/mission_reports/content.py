"""What a report asks. Each question says here, once, how it is asked and who reads the answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.core.words.lists import entries_of
from webapp.core.words.translation import Message, _
from webapp.mission_reports.models import Again, PointKind, Side

# More entries of the terms of reference than these are answered for as one text.
MOST_POINTS = 20
# Characters of a lesson, which is read beside others.
LONGEST_LESSON = 600


@dataclass(frozen=True)
class Judged:
    """How useful the requester found the help of the expert of one mission."""

    deployment_id: int
    rating: int | None = None
    again: Again | None = None


@dataclass(frozen=True)
class Said:
    """What was done of a task, or came of an output, that was `asked` for in these words."""

    kind: PointKind
    asked: str
    said: str = ""


@dataclass(frozen=True)
class Present:
    """How many took part from an institution; None where nobody knows it."""

    institution: str
    women: int | None = None
    men: int | None = None


@dataclass(frozen=True)
class Answers:
    """What somebody reports of a mission: and a requester of each expert."""

    points: tuple[Said, ...] = ()
    done: str = ""
    participants: tuple[Present, ...] = ()
    women: int | None = None
    men: int | None = None
    institutions: str = ""
    outputs: str = ""
    lacking: str = ""
    rating: int | None = None
    again: Again | None = None
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True)
class Question:
    """How one thing is asked of each side; a side without a label is not asked for it.

    Coordinators read all answers. The other side reads those of whose side stands in `shared`: of
    a person nobody but SEESAC reads how they were judged.
    """

    name: str
    labels: Mapping[Side, Message]
    hint: Message | str = ""
    shared: frozenset[Side] = frozenset()
    needed: bool = False


BOTH = frozenset(Side)


def _both(label: Message) -> Mapping[Side, Message]:
    return dict.fromkeys(Side, label)


QUESTIONS = (
    Question(
        "points", _both(_("What was done, task by task")),
        _("Please say of each what was done, also where something was not, and why."), BOTH,
    ),
    Question("done", _both(_("What was done")), shared=BOTH, needed=True),
    Question(
        "participants", _both(_("Who took part, by institution")),
        _("Institutions and units with how many of each, and no names. Empty rows count for"
          " nothing."), BOTH,
    ),
    Question(
        "women", _both(_("Women taking part")),
        _("Left empty, the rows by institution are counted together."), BOTH,
    ),
    Question(
        "men", _both(_("Men taking part")),
        _("Left empty, the rows by institution are counted together."), BOTH,
    ),
    Question(
        "institutions", _both(_("Where those who took part work")),
        _("Written before there were rows for it: please take it over into these."), BOTH,
    ),
    Question(
        "outputs", _both(_("What remains")),
        _("Such as: a report, a curriculum, a draft law, and where it is found."), BOTH,
    ),
    Question(
        "lacking", _both(_("What was missing")),
        _("What would have made the mission better, and what is still open."),
        frozenset({Side.REQUESTER}),
    ),
    Question(
        "rating", {Side.EXPERT: _("How the mission was prepared and received")}, needed=True
    ),
    Question("again", {Side.EXPERT: _("Would you go on such a mission again?")}, needed=True),
)  # fmt: skip
# What a report has rows for, and of what it has one answer.
IN_ROWS = ("points", "participants")
NAMES = tuple(question.name for question in QUESTIONS if question.name not in IN_ROWS)
# What the requester is asked of each expert who went.
OF_EACH: dict[str, Message] = {
    "rating": _("How useful the expert's help was"),
    "again": _("Would you ask for this expert again?"),
}
# Text in words, which can name people: it goes with them.
IN_WORDS = ("done", "institutions", "outputs", "lacking")
RATINGS: dict[int, Message] = {
    5: _("5: very good"),
    4: _("4: good"),
    3: _("3: fair"),
    2: _("2: poor"),
    1: _("1: of no use"),
}


def points_asked(tasks: str, outputs: str) -> list[Said]:
    """Return what terms of reference ask for, task by task and output by output, without an
    answer."""
    return [*points_in(PointKind.TASK, tasks), *points_in(PointKind.OUTPUT, outputs)]


def points_in(kind: PointKind, text: str) -> list[Said]:
    """Return what a text of the terms of reference lists, one by one, without an answer."""
    entries = entries_of(text)
    return [Said(kind, one) for one in (entries if len(entries) <= MOST_POINTS else [text])]


def sums_of(participants: tuple[Present, ...]) -> tuple[int | None, int | None]:
    """Return how many women and how many men come from all institutions together, as far as it is
    known."""
    women = [row.women for row in participants if row.women is not None]
    men = [row.men for row in participants if row.men is not None]
    return sum(women) if women else None, sum(men) if men else None


def asked_of(side: Side) -> list[Question]:
    """Return what is asked of a side about the mission as a whole."""
    return [question for question in QUESTIONS if side in question.labels]


@dataclass(frozen=True)
class Afterwards:
    """What the requester says months after a mission."""

    in_use: str
    changed: str = ""
    wanted: str = ""


# The three questions of the follow-up, each the name of a text.
AFTERWARDS: dict[str, Message] = {
    "in_use": _("What of it is in use now?"),
    "changed": _("What has changed by it?"),
    "wanted": _("What help would be wanted next?"),
}


@dataclass(frozen=True)
class LessonContent:
    """A lesson, and of what kind of request it is to be remembered."""

    text: str
    theme_code: str | None = None
    jurisdiction: str | None = None
