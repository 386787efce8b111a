"""The words that a profile chooses from."""

import enum

from webapp.core.words.translation import LabelledEnum, _, _p


class EvidenceKind(LabelledEnum):
    """What kind of work an entry of evidence tells of."""

    MISSION = "mission", _("mission")
    TRAINING_GIVEN = "training given", _("training given")
    PROCEDURE = "law or procedure written", _("law or procedure written")
    PROJECT = "project", _("project")
    POST = "post held", _("post held")


class TrainingKind(LabelledEnum):
    """What kind of training or certificate an expert has."""

    COURSE = "course", _("course attended")
    CERTIFICATE = "certificate", _("certificate")
    INSTRUCTOR = "instructor", _("instructor's qualification")
    DEGREE = "degree", _("degree")
    CLEARANCE = "clearance", _("security clearance")


class ThemeLevel(LabelledEnum):
    """How well an expert knows a theme, lowest first."""

    FAMILIAR = "familiar", _p("level of a theme", "familiar with it")
    EXPERIENCED = "experienced", _p("level of a theme", "experienced")
    LEADING = "leading", _p("level of a theme", "teaches and leads others")


class Service(LabelledEnum):
    """Whether an expert still serves."""

    SERVING = "serving", _("still serving")
    RETIRED = "retired", _("retired")
    LEFT = "left", _("left the service")


class NoteKind(LabelledEnum):
    """What an expert says of a jurisdiction besides that it is closed to them."""

    SENSITIVE = "sensitive", _("delicate: please ask me first")
    KNOWN = "known", _("known to me from work there")


class ConfirmationState(LabelledEnum):
    """What became of the question whether a piece of evidence is true."""

    ASKED = "asked", _p("state of a confirmation", "asked")
    CONFIRMED = "confirmed", _p("state of a confirmation", "confirmed")
    REFUSED = "refused", _p("state of a confirmation", "not confirmed")
    CHANGED = "changed", _p("state of a confirmation", "changed since")


class NatoRank(enum.StrEnum):
    """The codes of ranks that armed forces compare theirs by. Source: STANAG 2116."""

    OF_1 = "OF-1"
    OF_2 = "OF-2"
    OF_3 = "OF-3"
    OF_4 = "OF-4"
    OF_5 = "OF-5"
    OF_6 = "OF-6"
    OF_7 = "OF-7"
    OF_8 = "OF-8"
    OF_9 = "OF-9"
    OF_10 = "OF-10"
    OR_1 = "OR-1"
    OR_2 = "OR-2"
    OR_3 = "OR-3"
    OR_4 = "OR-4"
    OR_5 = "OR-5"
    OR_6 = "OR-6"
    OR_7 = "OR-7"
    OR_8 = "OR-8"
    OR_9 = "OR-9"
