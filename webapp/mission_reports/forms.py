"""The forms of a report, and of the piece of evidence that a mission becomes."""

from dataclasses import replace
from typing import Any

from webapp.core.fields import choice, named, number, text
from webapp.core.forms import EditForm
from webapp.core.translation import _
from webapp.core.vocabularies import HelpKind
from webapp.experts.contents import EvidenceContent
from webapp.experts.forms import EvidenceForm
from webapp.mission_reports.content import QUESTIONS, RATINGS, Answers
from webapp.mission_reports.models import Again, Side

PEOPLE = 10_000


class ReportForm(EditForm):
    """What one side reports of a mission; what is needed to send it may be missing in a draft."""

    done = text(_("What was done"))
    women = number(_("Women taking part"), 0, PEOPLE)
    men = number(_("Men taking part"), 0, PEOPLE)
    institutions = text(_("Where those who took part work"), 2000)
    outputs = text(_("What remains"), 2000)
    lacking = text(_("What was missing"), 2000)
    rating = choice(_("How it was"), [(str(value), label) for value, label in RATINGS.items()])
    again = choice(_("Again?"), named(Again))

    def __init__(self, side: Side, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for question in QUESTIONS:
            field = self[question.name]
            field.label.text, field.description = question.labels[side], question.hint
            field.flags.needed = question.needed

    def answers(self) -> Answers:
        """Return what was written, as the operation takes it."""
        return Answers(
            done=self.done.data or "",
            women=self.women.data,
            men=self.men.data,
            institutions=self.institutions.data or "",
            outputs=self.outputs.data or "",
            lacking=self.lacking.data or "",
            rating=int(self.rating.data) if self.rating.data else None,
            again=Again(self.again.data) if self.again.data else None,
        )


class MissionEntryForm(EvidenceForm):
    """A mission as a piece of evidence: what follows from the mission is not asked for."""

    def __init__(self, mission: EvidenceContent, **kwargs: Any) -> None:
        super().__init__(obj=mission, **kwargs)
        self.mission = mission
        del self.kind, self.jurisdiction, self.place, self.started, self.ended

    def content(self) -> EvidenceContent:
        """Return what was written of the mission, as the operation takes it."""
        return replace(
            self.mission,
            title=self.title.data,
            description=self.description.data or "",
            role=self.role.data or "",
            ways=tuple(map(HelpKind, self.ways.data)),
            kept_out=self.kept_out.data,
        )
