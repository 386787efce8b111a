"""The roles that people have on the platform; what each may do stands in `access`."""

import enum


class Role(enum.StrEnum):
    """What a person is to the platform; the words are those of the field."""

    REQUESTER = "requester"
    EXPERT = "expert"
    NOMINATING_AUTHORITY = "nominating authority"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
