"""Where a profile is written: its owner's desk, or that of a coordinator who writes for somebody
without an account. The pages are the same, and lead to their own addresses."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import current_app, url_for
from sqlalchemy.orm import Session

from webapp.core.access import actor
from webapp.core.actor import Actor
from webapp.core.db import db
from webapp.core.errors import ForbiddenError
from webapp.core.record.disclosure import Named
from webapp.core.words.translation import Message, Words, _
from webapp.core.workflows.workflow import why_not_theirs
from webapp.experts import queries, rules, standing_queries
from webapp.experts.models import Expert
from webapp.experts.standing_tables import ProfileQuestion

WhyColleagues = Callable[[Session, Actor, Expert], Message | None]

# Where the package that knows who is considered for what puts the function that says why somebody
# does not decide on a profile.
WHY_COLLEAGUES = "profile.why_colleagues"
WRITE = "/roster/<int:expert_id>/write"
# So the pages are called on which a coordinator writes.
FOR_THEM = "_for"
# What a coordinator writes for somebody; their days and jurisdictions they say themselves.
FOR_OTHERS = ("about", "themes", "evidence", "training", "languages")
_ENTRIES = ("evidence", "training")


@dataclass(frozen=True)
class Desk:
    """A profile and the addresses of the pages on which it is written."""

    expert: Expert
    is_own: bool = True

    @cached_property
    def ending(self) -> standing_queries.Ending:
        """Return how the profile came to be off the roster, if it is."""
        return standing_queries.find_ending(db.session, self.expert)

    @property
    def is_refused_for_good(self) -> bool:
        """Tell whether SEESAC has refused the expert for good: nothing more is asked of them."""
        return self.ending.is_refused_for_good

    @property
    def is_gone(self) -> bool:
        """Tell whether the expert is not on the roster: nobody has to confirm what stands here."""
        return self.expert.state in rules.GONE

    @cached_property
    def _asked(self) -> dict[str, list[ProfileQuestion]]:
        found = defaultdict(list)
        for row in standing_queries.list_open_questions(db.session, self.expert.id):
            found[row.section].append(row)
        return found

    def asked(self, section: str) -> list[ProfileQuestion]:
        """Return what SEESAC asks for in a section, and nobody has added yet."""
        return [] if self.is_refused_for_good else self._asked.get(section, [])

    def writes(self, section: str) -> bool:
        """Tell whether a section is written at this desk."""
        return self.is_own or section in FOR_OTHERS

    def home(self, section: str | None = None) -> str:
        """Return the address of the profile as it is read here."""
        if self.is_own:
            return url_for("experts.profile", _anchor=section)
        return url_for("experts.show", expert_id=self.expert.id, _anchor=section)

    def edit(self, section: str) -> str:
        """Return the address on which a section is edited, or an entry is added to it."""
        if section in _ENTRIES:
            return self.url("add_entry", section=section)
        if self.is_own:
            return url_for(f"experts.{section.replace('-', '_')}")
        return self.url("write", section=section)

    def url(self, page: str, **values: str | int) -> str:
        """Return the address of a page about an entry, or of one that writes for somebody."""
        if self.is_own:
            return url_for(f"experts.{page}", **values)  # type: ignore[arg-type]
        return url_for(f"experts.{page}{FOR_THEM}", expert_id=self.expert.id, **values)  # type: ignore[arg-type]

    def said(self, done: Words) -> Words:
        """Return what is said when something is done, in words for whoever has done it."""
        if self.is_own:
            return done
        return _("Saved in the profile of %(name)s.", name=Named.of(self.expert))


def own_desk() -> Desk:
    """Return the desk of the person behind this request."""
    return Desk(queries.get_own(db.session, actor()))


def desk_for(expert_id: int) -> Desk:
    """Return the desk of a coordinator who writes for somebody; raises ForbiddenError."""
    expert = queries.get(db.session, expert_id)
    rules.refuse_writing(actor(), expert)
    if why := why_colleagues(actor(), expert):
        raise ForbiddenError(why)
    return Desk(expert, is_own=False)


def why_colleagues(reader: Actor, expert: Expert) -> Message | None:
    """Return what other packages know against this person's deciding on a profile, if anything."""
    ask: WhyColleagues | None = current_app.extensions.get(WHY_COLLEAGUES)
    return ask(db.session, reader, expert) if ask else None


def refuse_to_send(
    session: Session, reader: Actor, endpoint: str, about: Mapping[str, int | str]
) -> None:
    """Refuse what a coordinator would send about somebody on the roster to whoever does not decide
    on them, or does not write their profile."""
    if "expert_id" not in about:
        return
    expert = queries.get(session, int(about["expert_id"]))
    rules.refuse_erased(expert)
    if endpoint.endswith(FOR_THEM):
        rules.refuse_writing(reader, expert)
    if why := why_not_theirs(reader, rules.owners_of(expert)) or why_colleagues(reader, expert):
        raise ForbiddenError(why)
