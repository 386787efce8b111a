"""What the roster keeps about an expert, and what erasing does to it."""

import sqlalchemy as sa

from webapp.core.record.audit import AuditEvent
from webapp.core.record.personal_data import (
    Fate,
    Rule,
    Whose,
    of_account,
    of_address,
    of_expert,
)
from webapp.core.record.reasons import REFERENCE, Reason
from webapp.core.words.translation import _
from webapp.experts.models import (
    ActedOnProfile,
    ClosedJurisdiction,
    Evidence,
    EvidenceConfirmation,
    Expert,
    ExpertTheme,
    IdentityChange,
    JurisdictionNote,
    LanguageSkill,
    ProfileView,
    Training,
    UnavailablePeriod,
)
from webapp.experts.standing_tables import Approval, PhoneCall, ProfileMerge, ProfileQuestion

_NUMBER = "It is the number of a row."
_OF_ROW = {"id": _NUMBER, "expert_id": _NUMBER}


def _of_files_with(whose: Whose) -> sa.ColumnElement[bool]:
    """Find what those files were for in which something of the person was taken along."""
    purpose = AuditEvent.details[REFERENCE].as_integer()
    shown = sa.select(purpose).join(ProfileView, ProfileView.event_id == AuditEvent.id)
    taken = shown.where(ProfileView.expert_id.in_(whose.profiles), AuditEvent.reason != "")
    return Reason.id.in_(taken)


RULES = (
    Rule(
        table=Expert,
        title=_("Your profile"),
        rows=of_expert(Expert.id),
        given={
            "id": _("number"), "state": _("state"), "name": _("name"), "gender": _("gender"),
            "jurisdiction": _("jurisdiction"), "institution": _("institution"), "post": _("post"),
            "rank": _("rank"), "nato_rank": _("NATO code of the rank"),
            "entity": _("entity or canton"), "unit": _("unit"), "service": _("service"),
            "service_since": _("in service since"), "telephone": _("telephone"),
            "summary": _("summary"), "english_summary": _("summary in English"),
            "ways": _("ways of help"), "max_days": _("longest mission in days"),
            "notice_days": _("days of notice needed"),
            "most_missions": _("most missions a year"), "approved_until": _("approved until"),
            "contact_email": _("e-mail address for letters"),
            "consent_version": _("agreed to this version of the privacy notice"),
            "consented_at": _("agreed on"), "last_confirmed_at": _("last confirmed on"),
            "availability": _("free in the three months after"),
            "availability_at": _("said on"), "asked_at": _("last asked on"),
        },
        withheld={
            "account_id": _NUMBER, "authority_id": _NUMBER,
            "revision": "It counts changes of the roster.",
            "version": "It counts changes of the profile.",
            "search_text": "It is the name and others once more, folded for the search.",
            "search_words": "They are words of the profile once more, folded for the search.",
        },
        fate=Fate.EMPTIED,
        emptied={
            "name": lambda whose: whose.pseudonym, "gender": None, "jurisdiction": None,
            "institution": "", "post": "", "rank": "", "nato_rank": None, "entity": "", "unit": "",
            "service": None, "service_since": None, "telephone": "", "summary": "",
            "english_summary": "", "ways": (), "most_missions": None, "max_days": None,
            "notice_days": None, "approved_until": None, "last_confirmed_at": None,
            "contact_email": "", "consent_version": None, "consented_at": None,
            "availability": None, "availability_at": None, "asked_at": None,
            "authority_id": None, "account_id": None, "search_text": lambda whose: whose.pseudonym,
            "search_words": "", "version": Expert.version + 1,
        },
        because=_("The number and the state stay, so that missions of the past can be counted."),
    ),
    Rule(
        table=ExpertTheme, title=_("Your themes"), rows=of_expert(ExpertTheme.expert_id),
        given={
            "theme_code": _("theme"), "priority": _("order"), "years": _("years"),
            "level": _("level"),
        },
        withheld=_OF_ROW, fate=Fate.DELETED,
    ),
    Rule(
        table=Evidence, title=_("What you have done"), rows=of_expert(Evidence.expert_id),
        given={
            "kind": _("kind"), "title": _("title"), "description": _("description"),
            "jurisdiction": _("jurisdiction"), "place": _("place"), "role": _("role"),
            "ways": _("ways of help"), "started": _("from"), "ended": _("until"),
            "kept_out": _("kept out of the ranking"),
        },
        withheld=_OF_ROW, fate=Fate.DELETED,
    ),
    Rule(
        table=EvidenceConfirmation, title=_("Whom you asked to confirm it"),
        rows=of_expert(EvidenceConfirmation.expert_id),
        given={
            "state": _("state"), "state_since": _("since"), "name": _("name"),
            "organisation": _("organisation"), "email": _("e-mail address"),
            "expires_at": _("good until"),
        },
        withheld=_OF_ROW | {"evidence_id": _NUMBER, "token_hash": "It lets somebody answer."},
        fate=Fate.DELETED,
    ),
    Rule(
        table=EvidenceConfirmation, title=_("What others asked you to confirm"),
        rows=of_address(EvidenceConfirmation.email),
        given={
            "state": _("state"), "state_since": _("since"), "name": _("name"),
            "organisation": _("organisation"), "email": _("e-mail address"),
        },
        withheld=_OF_ROW | {
            "evidence_id": _NUMBER, "token_hash": "It lets somebody answer.",
            "expires_at": "It tells of the link alone.",
        },
        fate=Fate.EMPTIED,
        emptied={
            "name": lambda whose: whose.pseudonym, "organisation": "", "email": "",
            "token_hash": None,
        },
        because=_("That somebody has confirmed it belongs to the profile of who has asked."),
    ),
    Rule(
        table=Training, title=_("Your training and certificates"),
        rows=of_expert(Training.expert_id),
        given={"kind": _("kind"), "title": _("title"), "expires": _("good until")},
        withheld=_OF_ROW, fate=Fate.DELETED,
    ),
    Rule(
        table=LanguageSkill, title=_("Your languages"), rows=of_expert(LanguageSkill.expert_id),
        given={
            "language": _("language"), "level": _("level"), "listening": _("listening"),
            "speaking": _("speaking"), "reading": _("reading"), "writing": _("writing"),
            "stanag": _("profile of STANAG 6001"),
        },
        withheld=_OF_ROW, fate=Fate.DELETED,
    ),
    Rule(
        table=UnavailablePeriod, title=_("Days on which you are not available"),
        rows=of_expert(UnavailablePeriod.expert_id),
        given={"start": _("from"), "end": _("until")}, withheld=_OF_ROW, fate=Fate.DELETED,
    ),
    Rule(
        table=ClosedJurisdiction, title=_("Jurisdictions for which you are not available"),
        rows=of_expert(ClosedJurisdiction.expert_id),
        given={"code": _("jurisdiction")}, withheld=_OF_ROW, fate=Fate.DELETED,
    ),
    Rule(
        table=JurisdictionNote, title=_("Jurisdictions that you know, or find delicate"),
        rows=of_expert(JurisdictionNote.expert_id),
        given={"code": _("jurisdiction"), "kind": _("kind")}, withheld=_OF_ROW,
        fate=Fate.DELETED,
    ),
    Rule(
        table=IdentityChange, title=_("Changes of who you are"),
        rows=of_expert(IdentityChange.expert_id),
        given={
            "state": _("state"), "state_since": _("since"), "name": _("name"), "post": _("post"),
            "rank": _("rank"), "institution": _("institution"),
            "jurisdiction": _("jurisdiction"),
        },
        withheld=_OF_ROW | {"reason_id": _NUMBER, "version": "It counts changes of the row."},
        fate=Fate.DELETED,
    ),
    Rule(
        table=Approval, title=_("Approvals of your authority"), rows=of_expert(Approval.expert_id),
        given={
            "state": _("state"), "state_since": _("since"), "scope": _("for what"),
            "letter": _("letter"), "starts": _("from"), "until": _("until"),
            "ended_on": _("ended on"),
        },
        withheld=_OF_ROW | {
            "organisation_id": _NUMBER, "reason_id": _NUMBER, "granted_by": "It is another person.",
            "version": "It counts changes of the row.",
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=ProfileQuestion, title=_("What SEESAC asked you to add"),
        rows=of_expert(ProfileQuestion.expert_id),
        given={"section": _("section"), "state": _("state"), "state_since": _("since")},
        withheld=_OF_ROW | {
            "reason_id": "Its text stands among the reasons.",
            "version": "It counts changes of the row.",
        },
        fate=Fate.DELETED,
    ),
    Rule(
        table=PhoneCall, title=_("What you were told by telephone"),
        rows=of_expert(PhoneCall.expert_id),
        given={"since": _("since"), "words": _("what it says"), "done_at": _("told on")},
        withheld=_OF_ROW | {"done_by": "It is another person."},
        fate=Fate.DELETED,
    ),
    Rule(
        table=ProfileMerge, title=_("Profiles of yours that were joined with this one"),
        rows=of_expert(ProfileMerge.expert_id),
        given={
            "gone_id": _("number"), "merged_at": _("joined on"),
            "left_behind": _("what it said otherwise"),
        },
        withheld=_OF_ROW | {"merged_by": "It is another person.", "account_id": _NUMBER},
        fate=Fate.DELETED,
    ),
    Rule(
        table=ActedOnProfile, title=_("Profiles on which you have acted"),
        rows=of_account(ActedOnProfile.account_id),
        given={"side": _("role")},
        withheld={"expert_id": "It is another person.", "account_id": _NUMBER}, fate=Fate.KEPT,
        because=_("Nobody decides on a profile for both sides, in whatever role they come back."),
    ),
    Rule(
        table=ProfileView, title=_("When you were shown to others"),
        rows=of_expert(ProfileView.expert_id),
        given={"day": _("day"), "page": _("page")},
        withheld={
            "event_id": _NUMBER, "expert_id": _NUMBER,
            "account_id": "The page of the profile says who it was.",
        },
        fate=Fate.KEPT,
        because=_("It belongs to the log. It holds numbers and no names."),
    ),
    Rule(
        table=Reason, title=_("What files with your data were for"), rows=_of_files_with,
        given={"written_at": _("taken on"), "kind": _("kind"), "text": _("in words")},
        withheld={
            "id": _NUMBER, "written_by": "The page of the profile says who it was.",
            **dict.fromkeys(
                ("first_day", "last_day", "said_by", "said_on", "letter", "letter_day"),
                "No file has it.",
            ),
            "person_table": "It says what the next number is of.",
            "person_id": "It is who took the file.",
            "removed_at": "It says that the text was removed.",
        },
        fate=Fate.EMPTIED, emptied={"text": ""},
        because=_("The kind stays, and says nothing of anybody."),
    ),
)  # fmt: skip
