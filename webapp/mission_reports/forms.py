"""The forms of a report, and of what follows from it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session
from wtforms import Field, HiddenField, ValidationError

from webapp.core.forms.fields import RowsField, choice, line, named, number, rows, text
from webapp.core.forms.file_fields import file_field
from webapp.core.forms.page_forms import EditForm, PageForm, RowForm
from webapp.core.words.formats import number_name
from webapp.core.words.search import folded
from webapp.core.words.translation import Deferred, _
from webapp.core.words.vocabularies import HelpKind, jurisdiction_choices
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.contents import EvidenceContent
from webapp.experts.forms import EvidenceForm
from webapp.kept_texts.forms import RestoredForm
from webapp.mission_reports.content import (
    AFTERWARDS,
    LONGEST_LESSON,
    MOST_POINTS,
    OF_EACH,
    QUESTIONS,
    RATINGS,
    Afterwards,
    Answers,
    Judged,
    LessonContent,
    Present,
    Said,
    sums_of,
)
from webapp.mission_reports.models import Again, Side
from webapp.themes.queries import list_choices

PEOPLE = 10_000
# More institutions than these are seldom in one room; empty rows are offered below those filled in.
MOST_INSTITUTIONS, SPARE_ROWS = 40, 3
ALSO_DONE = _("What else was done")
# As many as a request can ask for, and some who went in the place of others.
LARGEST_TEAM = 40
_RATINGS = [(str(value), label) for value, label in RATINGS.items()]


class JudgementRow(RowForm):
    """How useful the help of one expert was."""

    deployment_id = HiddenField()
    rating = choice(OF_EACH["rating"], _RATINGS)
    again = choice(OF_EACH["again"], named(Again))


class PointRow(RowForm):
    """What was done of a task, or came of an output."""

    said = text(_("What was done"), 2000)


class ParticipantsRow(RowForm):
    """How many took part from an institution."""

    institution = line(_("Institution or unit"), 200)
    women = number(_("Women"), 0, PEOPLE)
    men = number(_("Men"), 0, PEOPLE)


class ReportForm(RestoredForm, EditForm):
    """What one side reports of a mission; what is needed to send it may be missing in a draft.

    `asked` is what it answers point by point.
    """

    points = rows(_("What was done, task by task"), PointRow, 2 * MOST_POINTS)
    done = text(_("What was done"))
    participants = rows(_("Who took part, by institution"), ParticipantsRow, MOST_INSTITUTIONS)
    women = number(_("Women taking part"), 0, PEOPLE)
    men = number(_("Men taking part"), 0, PEOPLE)
    institutions = text(_("Where those who took part work"), 2000)
    outputs = text(_("What remains"), 2000)
    lacking = text(_("What was missing"), 2000)
    rating = choice(_("How it was"), _RATINGS)
    again = choice(_("Again?"), named(Again))
    judgements = rows(_("The experts"), JudgementRow, LARGEST_TEAM)

    def __init__(
        self, side: Side, judged: Sequence[Deployment], asked: Sequence[Said], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.asked = asked
        for question in QUESTIONS:
            if side not in question.labels:
                del self[question.name]
                continue
            field = self[question.name]
            field.label.text, field.description = question.labels[side], question.hint
            field.flags.needed = question.needed
        self._answer_each_point()
        if not self.is_submitted():
            self.add_rows()
        self._leave_sums_to_rows()
        # It is asked of nobody any more; where it was written it can be changed.
        if not getattr(kwargs.get("obj"), "institutions", ""):
            del self.institutions
        self._judged = {str(one.id): one for one in judged}
        if side is Side.EXPERT:
            del self.judgements
        else:
            self._ask_of_each()

    def _answer_each_point(self) -> None:
        """Let there be a row for each point, whatever was sent, and none of them where there are
        none; what belongs to no point stands below them, also if it was typed of one that the terms
        of reference are not parted into any more."""
        beyond = [entry.form.said.data for entry in self.points.entries[len(self.asked) :]]
        self.done.data = "\n\n".join(filter(None, [self.done.data, *beyond]))
        del self.points.entries[len(self.asked) :]
        while len(self.points) < len(self.asked):
            self.points.append_entry()
        for entry in self.points:
            entry.form.said.flags.needed = True
        if self.asked:
            self.points.flags.needed, self.done.flags.needed = True, False
            self.done.label.text = ALSO_DONE
        else:
            del self.points

    def _leave_sums_to_rows(self) -> None:
        """Leave a number empty that nobody typed and rows are counted for: what these came to when
        they were saved would contradict them as soon as one is changed."""
        for field in (self.women, self.men):
            counted = [entry.form[field.name].data for entry in self.participants]
            if not field.raw_data and any(number is not None for number in counted):
                field.data = None

    def by_point(self) -> Iterator[tuple[Said, PointRow]]:
        """Yield each point with the field for it."""
        for said, entry in zip(self.asked, self.points if self.asked else (), strict=True):
            yield said, entry.form

    def add_rows(self) -> None:
        """Offer empty rows for further institutions, as long as there are not too many."""
        wanted = SPARE_ROWS - self.spare_rows
        for _row in range(min(wanted, MOST_INSTITUTIONS - len(self.participants))):
            self.participants.append_entry()

    @property
    def spare_rows(self) -> int:
        """Return how many rows for institutions are empty."""
        return sum(_is_empty(entry.form) for entry in self.participants)

    def validate_participants(self, field: RowsField) -> None:
        """Refuse numbers of no institution, and an institution that stands twice."""
        taken: set[str] = set()
        for entry in field:
            row = entry.form
            name, counted = row.institution.data, {row.women.data, row.men.data} - {None}
            if counted and not name:
                row.institution.errors = [_("Please name the institution they are from.")]
            elif name and folded(name) in taken:
                row.institution.errors = [
                    _("This institution stands here twice. Please keep one of them.")
                ]
            taken.add(folded(name or ""))
        if not any(row.errors for row in field):
            self._refuse_large_sums(field)
        field.errors = [row.errors for row in field] if any(row.errors for row in field) else []

    @staticmethod
    def _refuse_large_sums(field: RowsField) -> None:
        """Refuse rows that come to more than a report can hold, at the last that is counted."""
        for name in ("women", "men"):
            counted = [row.form[name] for row in field if row.form[name].data is not None]
            if sum(number.data for number in counted) > PEOPLE:
                most = Deferred(number_name, PEOPLE)
                counted[-1].errors = [_("The rows come to more than %(most)s.", most=most)]

    def validate_women(self, field: Field) -> None:
        """Refuse another sum than that of the rows."""
        self._check_sum(field, self.sums[0])

    def validate_men(self, field: Field) -> None:
        """Refuse another sum than that of the rows."""
        self._check_sum(field, self.sums[1])

    @staticmethod
    def _check_sum(field: Field, found: int | None) -> None:
        if field.data is not None and found is not None and field.data != found:
            raise ValidationError(
                _("The rows come to %(sum)s. Please correct them, or leave this empty.", sum=found)
            )

    @property
    def sums(self) -> tuple[int | None, int | None]:
        """Return how many women and men the rows come to, as far as they are filled in."""
        return sums_of(tuple(self._present()))

    def _present(self) -> Iterator[Present]:
        for entry in self.participants:
            row = entry.form
            if row.institution.data:
                yield Present(row.institution.data, row.women.data, row.men.data)

    def _ask_of_each(self) -> None:
        """Let there be a row for each who is judged, whoever has come back since, and for nobody
        else, whatever was sent."""
        sent = [entry.form.deployment_id.data for entry in self.judgements]
        self.judgements.entries = [
            entry
            for at, entry in enumerate(self.judgements.entries)
            if sent[at] in self._judged and sent[at] not in sent[:at]
        ]
        asked = {str(entry.form.deployment_id.data) for entry in self.judgements}
        for mission in self._judged:
            if mission not in asked:
                self.judgements.append_entry({"deployment_id": mission})

    def of_each(self) -> Iterator[tuple[Deployment, JudgementRow]]:
        """Yield each expert who is judged, by their mission, with the fields for them."""
        found = {str(entry.form.deployment_id.data): entry.form for entry in self.judgements}
        for key, mission in self._judged.items():
            row = found[key]
            row.rating.flags.needed = row.again.flags.needed = True
            yield mission, row

    def answers(self) -> Answers:
        """Return what was written, as the operation takes it."""
        return Answers(
            points=tuple(replace(one, said=row.said.data or "") for one, row in self.by_point()),
            participants=tuple(self._present()),
            done=self.done.data or "",
            women=self.women.data,
            men=self.men.data,
            institutions=self.institutions.data if "institutions" in self else "",
            outputs=self.outputs.data or "",
            lacking=self.lacking.data or "",
            judged=tuple(self._said_of_each()) if "judgements" in self else (),
            **(_said(self) if "rating" in self else {}),
        )

    def _said_of_each(self) -> Iterator[Judged]:
        for mission, row in self.of_each():
            yield Judged(mission.id, **_said(row))


def _is_empty(row: ParticipantsRow) -> bool:
    return all(field.data in {None, ""} for field in row)


def _said(form: ReportForm | JudgementRow) -> dict[str, Any]:
    return {
        "rating": int(form.rating.data) if form.rating.data else None,
        "again": Again(form.again.data) if form.again.data else None,
    }


class ReportFileForm(PageForm):
    """A file that belongs to a report."""

    file = file_field(_("The file"), required=True)


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


class FollowUpForm(RestoredForm):
    """What the requester says months after a mission."""

    in_use = text(AFTERWARDS["in_use"], 2000, required=True)
    changed = text(AFTERWARDS["changed"], 2000)
    wanted = text(AFTERWARDS["wanted"], 2000)

    def answers(self) -> Afterwards:
        """Return what was written, as the operation takes it."""
        return Afterwards(self.in_use.data, self.changed.data or "", self.wanted.data or "")


class LessonForm(PageForm):
    """A lesson, and beside which requests it is shown."""

    text = text(
        _("Lesson"), LONGEST_LESSON, required=True,
        hint=_("What to do, or to avoid, next time, in two or three sentences that name nobody."),
    )  # fmt: skip
    theme = choice(_("Theme"))
    jurisdiction = choice(_("Jurisdiction"), jurisdiction_choices)

    def content(self) -> LessonContent:
        """Return what was written, as the operation takes it."""
        return LessonContent(self.text.data, self.theme.data, self.jurisdiction.data)


def lesson_form(session: Session, request: ExpertiseRequest, begun: str = "") -> LessonForm:
    """Return the form of a lesson of a request, of which the main theme and place are chosen; it
    may have `begun` with an answer."""
    codes = [row.theme_code for row in request.themes]
    main = codes[0] if codes else None
    form = LessonForm(data={"text": begun, "theme": main, "jurisdiction": request.jurisdiction})
    form.theme.offer(list_choices(session, codes))
    return form
