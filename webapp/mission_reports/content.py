"""What a report asks. Each question says here, once, how it is asked and who reads the answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.core.words.translation import Message, _
from webapp.mission_reports.models import Again, Side


@dataclass(frozen=True)
class Answers:
    """What somebody reports of a mission."""

    done: str = ""
    women: int | None = None
    men: int | None = None
    institutions: str = ""
    outputs: str = ""
    lacking: str = ""
    rating: int | None = None
    again: Again | None = None


@dataclass(frozen=True)
class Question:
    """How one thing is asked of each side.

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
        "done", _both(_("What was done")), _("In words of the terms of reference, task by task."),
        BOTH, needed=True,
    ),
    Question("women", _both(_("Women taking part")), shared=BOTH),
    Question("men", _both(_("Men taking part")), shared=BOTH),
    Question(
        "institutions", _both(_("Where those who took part work")),
        _("Institutions and units with how many of each, and no names."), BOTH,
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
        "rating",
        {
            Side.EXPERT: _("How the mission was prepared and received"),
            Side.REQUESTER: _("How useful the expert's help was"),
        },
        needed=True,
    ),
    Question(
        "again",
        {
            Side.EXPERT: _("Would you go on such a mission again?"),
            Side.REQUESTER: _("Would you ask for this expert again?"),
        },
        needed=True,
    ),
)  # fmt: skip
NAMES = tuple(question.name for question in QUESTIONS)
# Text in words, which can name people: it goes with them.
IN_WORDS = ("done", "institutions", "outputs", "lacking")
RATINGS: dict[int, Message] = {
    5: _("5: very good"),
    4: _("4: good"),
    3: _("3: fair"),
    2: _("2: poor"),
    1: _("1: of no use"),
}


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
