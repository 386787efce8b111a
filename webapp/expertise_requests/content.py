"""What a requester writes, as operations take it from forms and keep it in a request."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from webapp.core.vocabularies import CefrLevel
from webapp.expertise_requests.models import (
    ExcludedJurisdiction,
    ExpertiseRequest,
    HelpKind,
    RequestTheme,
    RequiredLanguage,
    Urgency,
)


@dataclass(frozen=True)
class Content:
    """All that a requester writes; `languages` holds (language, level, required)."""

    title: str = ""
    background: str = ""
    objectives: str = ""
    outputs: str = ""
    tasks: str = ""
    audience: str = ""
    expert_background: str = ""
    existing: str = ""
    costs: str = ""
    security: str = ""
    help_kind: HelpKind | None = None
    urgency: Urgency = Urgency.NORMAL
    focal_point: str = ""
    jurisdiction: str | None = None
    place: str = ""
    start: date | None = None
    end: date | None = None
    flexibility: str = ""
    experts_needed: int = 1
    interpretation: bool = False
    themes: tuple[str, ...] = ()
    languages: tuple[tuple[str, CefrLevel, bool], ...] = ()
    excluded: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the text in the form in which accepted terms of reference keep it."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in vars(self).items()
        }


LISTS = ("themes", "languages", "excluded")
PLAIN = tuple(name for name in vars(Content()) if name not in LISTS)


def content_of(request: ExpertiseRequest) -> Content:
    """Return what is written in the request now."""
    return Content(
        **{name: getattr(request, name) for name in PLAIN},
        themes=tuple(row.theme_code for row in request.themes),
        languages=tuple((row.language, row.level, row.required) for row in request.languages),
        excluded=tuple(row.code for row in request.excluded),
    )


def write(session: Session, request: ExpertiseRequest, content: Content) -> list[str]:
    """Put `content` into a stored request, flush, and return the names of what changed."""
    before = content_of(request)
    changed = [name for name in vars(content) if getattr(before, name) != getattr(content, name)]
    for name in changed:
        if name in PLAIN:
            setattr(request, name, getattr(content, name))
    lists = [name for name in changed if name in LISTS]
    if lists:
        # A change of a list alone must raise the version as well, or a stale edit goes unseen.
        flag_modified(request, "title")
        _replace(session, request, content, lists)
    session.flush()
    return changed


def _replace(
    session: Session, request: ExpertiseRequest, content: Content, lists: list[str]
) -> None:
    # The old rows go first: a code and a place in the order may each occur only once.
    for name in lists:
        setattr(request, name, [])
    session.flush()
    if "themes" in lists:
        request.themes = [
            RequestTheme(theme_code=code, position=n) for n, code in enumerate(content.themes, 1)
        ]
    if "languages" in lists:
        request.languages = [
            RequiredLanguage(language=language, level=level, required=required)
            for language, level, required in content.languages
        ]
    if "excluded" in lists:
        request.excluded = [ExcludedJurisdiction(code=code) for code in content.excluded]
