"""The kinds of strangers around a collection."""

from __future__ import annotations

from typing import Final

MADE_UP: Final = "made-up"
RECOMBINED: Final = "recombined"
