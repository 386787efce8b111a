"""The form of who an expert is, how to reach them and how long they can be away."""

from wtforms import Field, ValidationError

from webapp.core import clock
from webapp.core.forms.fields import choice, line, named, number, person_name, several, text
from webapp.core.forms.page_forms import EditForm
from webapp.core.forms.telephones import refuse_undialled
from webapp.core.words.translation import Deferred, _
from webapp.core.words.vocabularies import HelpKind, jurisdiction_choices, jurisdiction_name
from webapp.experts.contents import About, identity_of
from webapp.experts.models import Expert, Gender, NatoRank, Service
from webapp.kept_texts.forms import RestoredForm

# Nobody who serves today began before.
FIRST_YEAR_OF_SERVICE = 1950


class AboutForm(RestoredForm, EditForm):
    """Who the expert is and how long they can be away."""

    name = person_name(_("Name"), hint=_("As it stands in your passport or service card."))
    post = line(_("Post"), hint=_("Such as: head of the firearms registry."))
    rank = line(_("Rank"), 100, hint=_("As it is written at home. Leave empty if you have none."))
    nato_rank = choice(
        _("Code of the rank"),
        [(code.value, code.value) for code in NatoRank],
        hint=_("By STANAG 2116, such as OF-3 for a major. Only coordinators see it."),
        empty=_("None, or not known"),
    )
    institution = line(
        _("Institution"), hint=_("Such as: Ministry of Interior, Police Directorate.")
    )
    unit = line(_("Unit"), hint=_("Department, section or station. Only coordinators see it."))
    jurisdiction = choice(
        _("Jurisdiction"), jurisdiction_choices, hint=_("Whose institution you serve.")
    )
    entity = line(
        _("Entity, canton or region"),
        100,
        hint=_(
            "Where an authority within the jurisdiction is your own, such as Republika Srpska or"
            " Canton Sarajevo. Only coordinators see it."
        ),
    )
    service = choice(_("Service"), named(Service), empty=_("Not said"))
    service_since = number(
        _("In the service since"), FIRST_YEAR_OF_SERVICE, 2100, hint=_("The year, such as 2004.")
    )
    telephone = line(
        _("Telephone"),
        40,
        hint=_(
            "For coordinators, and for the requester who has selected you. With the code of the"
            " country, such as +387 33 123 456."
        ),
    )
    gender = choice(
        _("Gender"),
        named(Gender),
        hint=_(
            "Used only to count how many women and men take part. It never changes a ranking"
            " and is not shown to requesters."
        ),
        empty=_("Not said"),
    )
    summary = text(
        _("Summary"),
        3000,
        hint=_(
            "What you do, what you are good at and what you have changed, in your own words. The"
            " ranking compares these words with requests."
        ),
    )
    english_summary = text(
        _("Short summary in English"),
        600,
        hint=_(
            "Three or four sentences for requesters to whom you are proposed. If the summary above"
            " is in English, its first sentences will do. The ranking does not read it."
        ),
    )
    ways = several(
        _("Ways in which you can help"),
        named(HelpKind),
        hint=_("Requests say what kind of help is needed."),
    )
    max_days = number(
        _("Longest mission, in days"),
        1,
        730,
        hint=_("You are not asked for missions that are longer."),
    )
    notice_days = number(
        _("Notice you need, in days"), 0, 365, hint=_("From being asked to leaving.")
    )
    most_missions = number(
        _("Most missions in a year"),
        1,
        12,
        hint=_("Coordinators are warned before they ask you for more."),
    )

    def validate_telephone(self, field: Field) -> None:
        """Refuse what nobody could dial."""
        refuse_undialled(field)

    def validate_service_since(self, field: Field) -> None:
        """Refuse a year that is still to come."""
        if field.data and field.data > clock.latest_today().year:
            raise ValidationError(_("This year is still to come."))

    def content(self) -> About:
        """Return what was written, as the operation takes it."""
        return About(
            name=self.name.data,
            post=self.post.data or "",
            rank=self.rank.data or "",
            nato_rank=NatoRank(self.nato_rank.data) if self.nato_rank.data else None,
            institution=self.institution.data or "",
            unit=self.unit.data or "",
            jurisdiction=self.jurisdiction.data,
            entity=self.entity.data or "",
            service=Service(self.service.data) if self.service.data else None,
            service_since=self.service_since.data,
            telephone=self.telephone.data or "",
            gender=Gender(self.gender.data) if self.gender.data else None,
            summary=self.summary.data or "",
            english_summary=self.english_summary.data or "",
            ways=tuple(map(HelpKind, self.ways.data)),
            max_days=self.max_days.data,
            notice_days=self.notice_days.data,
            most_missions=self.most_missions.data,
        )


def about_form(expert: Expert) -> AboutForm:
    """Return the form with what is stored; a field says so where its change is not confirmed."""
    pending = expert.pending_identity
    if pending is None:
        return AboutForm(obj=expert)
    stored = {name: getattr(expert, name) for name in (*vars(About("")), "version")}
    form = AboutForm(data=stored | vars(identity_of(pending)))
    for name, now in vars(identity_of(expert)).items():
        if getattr(pending, name) != now:
            shown = Deferred(jurisdiction_name, now) if name == "jurisdiction" and now else now
            form[name].description = (
                _("Waits for SEESAC's confirmation. Until then others read: %(now)s.", now=shown)
                if now
                else _("Waits for SEESAC's confirmation. Until then others read nothing here.")
            )
    return form
