"""The roles that people have on the platform; what each may do stands in `access`."""

from webapp.core.words.translation import Deferred, LabelledEnum, _


class Role(LabelledEnum):
    """What a person is to the platform; the words are those of the field."""

    REQUESTER = "requester", _("requester")
    EXPERT = "expert", _("expert")
    NOMINATING_AUTHORITY = "nominating authority", _("nominating authority")
    COORDINATOR = "coordinator", _("coordinator")
    ADMINISTRATOR = "administrator", _("administrator")


# What the log writes where the platform itself acted (`core.actor.SYSTEM`).
_BY_ITSELF = {"system": _("by itself")}


def role_words(written: str) -> Deferred:
    """Return roles as the audit log writes them, "coordinator, expert", in words for people."""
    return Deferred(_labels, written)


def _labels(written: str) -> str:
    known = _BY_ITSELF | {role.value: role.label for role in Role}
    return ", ".join(str(known.get(name, name)) for name in written.split(", "))
