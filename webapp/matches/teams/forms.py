"""What is asked of several experts as a whole, read from the address: it can be passed on."""

from collections.abc import Iterable
from typing import Any

from webapp.core.forms.fields import choice, number
from webapp.core.forms.page_forms import AddressForm
from webapp.core.record.disclosure import people_to_choose
from webapp.core.words.translation import _
from webapp.core.words.vocabularies import CefrLevel, language_choices
from webapp.experts.models import Expert
from webapp.matches.teams.quotas import Quotas

# No request asks for a team larger than this.
MOST = 50
YES = "yes"
QUOTAS = (
    "women", "men", "jurisdictions", "most_of_jurisdiction", "most_of_institution", "language",
    "level", "speakers", "themes", "leads",
)  # fmt: skip


class TeamForm(AddressForm):
    """Quotas; `keep` and `out`, which come several times, are the numbers of experts."""

    first = choice(
        _("What comes first"),
        [("subjects", _("Somebody for each subject"))],
        empty=_("Each member as strong as possible"),
    )
    women = number(_("Women, at least"), 0, MOST)
    men = number(_("Men, at least"), 0, MOST)
    jurisdictions = number(_("Jurisdictions, at least"), 0, MOST)
    most_of_jurisdiction = number(_("From one jurisdiction, at most"), 1, MOST)
    most_of_institution = number(_("From one institution, at most"), 1, MOST)
    language = choice(_("A language that is needed"), language_choices, empty=_("None"))
    level = choice(_("At which level"), [(one.value, one.value) for one in CefrLevel], empty="B2")
    speakers = number(_("By how many of them, at least"), 1, MOST)
    themes = choice(
        _("Themes of the request"),
        [(YES, _("Somebody with each of them"))],
        empty=_("As the ranking has it"),
    )
    leads = choice(
        _("Experience in leading"),
        [(YES, _("Somebody who has led others in what the request asks for"))],
        empty=_("Not asked for"),
    )
    put_in = choice(_("Put somebody in"), empty=_("Nobody else"))

    kept: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()

    def offer(self, people: Iterable[Expert]) -> None:
        """Offer those who could be put in and are not kept yet."""
        free = ((one.id, one) for one in people if one.id not in self.kept)
        self.put_in.offer(people_to_choose(free))

    @property
    def quotas(self) -> Quotas:
        """Return what is asked of the team; what was refused asks nothing."""
        given = self.in_address
        return Quotas(
            women=given.get("women"),
            men=given.get("men"),
            jurisdictions=given.get("jurisdictions"),
            most_of_jurisdiction=given.get("most_of_jurisdiction"),
            most_of_institution=given.get("most_of_institution"),
            language=given.get("language"),
            level=CefrLevel(given.get("level", "B2")),
            speakers=given.get("speakers", 1),
            each_theme="themes" in given,
            leads="leads" in given,
            kept=self.kept,
            left_out=self.left_out,
        )

    def with_people(self, *, keep: Iterable[int] = (), out: Iterable[int] = ()) -> dict[str, Any]:
        """Return the address of this team with some put in and some taken out, as its arguments."""
        keep, out = frozenset(keep), frozenset(out)
        given = {key: value for key, value in self.in_address.items() if key != "put_in"}
        return given | {
            "keep": sorted((self.kept | keep) - out),
            "out": sorted((self.left_out | out) - keep),
        }

    def freed(self, expert_id: int) -> dict[str, Any]:
        """Return the address of this team where the choice is free about somebody again."""
        given = self.with_people()
        lists = {name: [n for n in given[name] if n != expert_id] for name in ("keep", "out")}
        return given | lists


def team_form(arguments: Any) -> TeamForm:
    """Return the form as an address has filled it."""
    form = TeamForm(arguments)
    keep, out, put_in = (
        frozenset(arguments.getlist(name, type=int)[:MOST]) for name in ("keep", "out", "put_in")
    )
    form.left_out = out - put_in
    form.kept = (keep | put_in) - form.left_out
    form.put_in.data = None
    form.put_in.raw_data = []
    form.validate()
    return form


class AllocationForm(AddressForm):
    """How the roster is shared out over open requests."""

    most = number(
        _("Missions that one expert may have at most, those already planned included"), 1, MOST
    )

    @property
    def most_missions(self) -> int | None:
        """Return the limit; None where none was given, or what was given was refused."""
        limit: int | None = self.in_address.get("most")
        return limit
