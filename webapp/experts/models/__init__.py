"""Tables of the roster."""

from webapp.experts.models.kinds import (
    ConfirmationState,
    EvidenceKind,
    NatoRank,
    NoteKind,
    Service,
    ThemeLevel,
    TrainingKind,
)
from webapp.experts.models.roster import (
    ActedOnProfile,
    Availability,
    Expert,
    ExpertState,
    Gender,
    IdentityChange,
    IdentityState,
    OfExpert,
    ProfileView,
    RosterRevision,
)
from webapp.experts.models.searching import search_words_of, write_search_words
from webapp.experts.models.sections import (
    ClosedJurisdiction,
    Evidence,
    EvidenceConfirmation,
    ExpertTheme,
    JurisdictionNote,
    LanguageSkill,
    Training,
    UnavailablePeriod,
)

__all__ = [
    "ActedOnProfile",
    "Availability",
    "ClosedJurisdiction",
    "ConfirmationState",
    "Evidence",
    "EvidenceConfirmation",
    "EvidenceKind",
    "Expert",
    "ExpertState",
    "ExpertTheme",
    "Gender",
    "IdentityChange",
    "IdentityState",
    "JurisdictionNote",
    "LanguageSkill",
    "NatoRank",
    "NoteKind",
    "OfExpert",
    "ProfileView",
    "RosterRevision",
    "Service",
    "ThemeLevel",
    "Training",
    "TrainingKind",
    "UnavailablePeriod",
    "search_words_of",
    "write_search_words",
]
