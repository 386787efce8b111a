"""Who acts: a person in their roles, or the platform itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who acts, in which roles, from which address, for which organisation, if for any.

    The platform itself has no id.
    """

    id: int | None
    roles: frozenset[str] = frozenset()
    address: str | None = None
    organisation_id: int | None = None

    @property
    def role(self) -> str:
        """Return the roles as the log writes them."""
        return ", ".join(sorted(self.roles))

    @property
    def is_platform(self) -> bool:
        """Tell whether the platform acts, by itself or as a consequence of what somebody did."""
        return not self.roles.isdisjoint(SYSTEM.roles)


SYSTEM = Actor(id=None, roles=frozenset({"system"}))
