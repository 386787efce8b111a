"""What the page of settings must say besides: which settings nothing obeys yet.

A setting that has no effect must not look as if it had one. Whoever makes the platform obey one
takes its line out here; a test compares this with what the code reads.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from webapp.core.words.translation import Message

# Each says what holds today instead.
NOT_YET: dict[str, Message] = {}

Warn = Callable[[Session], Message | None]
# Where packages that know more put, by setting, the functions that warn of it.
WARNINGS = "settings.warnings"
