"""Files that people send: refused but by views that say that they take one."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(view: View) -> View:
    """State that a view takes a file; it has to read it with all the care that this needs."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def is_refused() -> bool:
    """Tell whether this request brings a file to a view that takes none."""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(request.files) and not getattr(view, "takes_file", False)
