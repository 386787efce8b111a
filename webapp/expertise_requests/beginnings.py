"""What a new request can begin with: an earlier request of one's own, or a template of a theme.

Templates are kept as data (data/requests/templates.json), in the languages of their readers. What
only the one who asks can know stands in them as a gap, such as [… which stores], and a request with
a gap in it is not sent: terms of reference that were pasted and never filled in help nobody.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from webapp.config import DATA
from webapp.core.words.language import current_language
from webapp.core.words.vocabularies import CefrLevel, HelpKind, LanguageNeed
from webapp.expertise_requests.content import TEXTS, Content, get_content
from webapp.expertise_requests.models import ExpertiseRequest, Urgency

TEMPLATES = DATA / "requests" / "templates.json"
DEFAULT_LANGUAGE = "en"
# The dots alone are how people leave something out of a quotation.
_GAP = re.compile(r"\[…\s*[^\]\s][^\]]*\]")


@dataclass(frozen=True)
class Template:
    """A text of a theme to begin with, by language; `name` stands in addresses."""

    name: str
    themes: tuple[str, ...]
    help_kind: HelpKind
    experts_needed: int
    languages: tuple[tuple[str, CefrLevel, LanguageNeed], ...]
    texts: Mapping[str, Mapping[str, str]]

    @property
    def text(self) -> Mapping[str, str]:
        """Return its text in the reader's language, or in English."""
        return self.texts[self.language]

    @property
    def language(self) -> str:
        """Return the language of that text."""
        read = current_language()
        return read if read in self.texts else DEFAULT_LANGUAGE


@cache
def templates() -> Sequence[Template]:
    """Return all templates in the order in which they are offered."""
    return [_template(row) for row in json.loads(TEMPLATES.read_text(encoding="utf-8"))]


def _template(row: Mapping[str, Any]) -> Template:
    return Template(
        name=row["name"],
        themes=tuple(row["themes"]),
        help_kind=HelpKind(row["help_kind"]),
        experts_needed=row["experts_needed"],
        languages=tuple(
            (code, CefrLevel(level), LanguageNeed.REQUIRED) for code, level in row["languages"]
        ),
        texts=row["texts"],
    )


def find_template(name: str) -> Template | None:
    """Return the template of this name, if there is one."""
    return next((one for one in templates() if one.name == name), None)


def from_template(begun: Content, template: Template, known_themes: frozenset[str]) -> Content:
    """Return what a request says that begins with a template.

    Administrators can give themes up: one that is not offered any more is left out.
    """
    texts: Mapping[str, Any] = template.text
    return replace(
        begun,
        **texts,
        themes=tuple(code for code in template.themes if code in known_themes),
        help_kind=template.help_kind,
        experts_needed=template.experts_needed,
        languages=template.languages,
    )


def from_earlier(begun: Content, earlier: ExpertiseRequest) -> Content:
    """Return what a request says that is copied from an earlier one.

    Days and urgency were those of the earlier one. Who is to be asked may be somebody else by now,
    but most often is not; where nobody is named any more it is the writer.
    """
    said = get_content(earlier)
    return replace(
        said,
        start=None,
        end=None,
        names_by=None,
        flexibility="",
        urgency=Urgency.NORMAL,
        focal_point=said.focal_point or begun.focal_point,
        jurisdiction=said.jurisdiction or begun.jurisdiction,
    )


def list_gaps(text: Content | ExpertiseRequest) -> dict[str, list[str]]:
    """Return, by field, the gaps of a template that nobody has filled in."""
    found = {one.name: _GAP.findall(getattr(text, one.name)) for one in TEXTS}
    return {name: gaps for name, gaps in found.items() if gaps}
