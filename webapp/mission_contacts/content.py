"""What an expert leaves with SEESAC for a mission."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ContactContent:
    """Whom to call in an emergency, who that is to the expert, and what they do not eat."""

    name: str
    telephone: str
    relation: str = ""
    diet: str = ""
