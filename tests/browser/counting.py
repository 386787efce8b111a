"""What a walk through pages takes: presses, pages loaded, and seconds of waiting for the platform.

The browser itself tells of each press of a link, button or summary, and of how long a page took
from the press until it could be read. What people read and type is not in it.
"""

from dataclasses import dataclass
from typing import Any

_TELLING = """
addEventListener("click", event => {
  if (event.isTrusted && event.target.closest("a, button, summary")) pressed();
}, true);
addEventListener("DOMContentLoaded", () => setTimeout(() => {
  const [walked] = performance.getEntriesByType("navigation");
  if (walked) loaded(walked.domContentLoadedEventEnd);
}));
"""


@dataclass
class Count:
    """What was counted so far, of all the browsers that are followed."""

    presses: int = 0
    loads: int = 0
    seconds: float = 0.0

    def follow(self, context: Any) -> None:
        """Count in a browser, before its first page is opened."""
        context.expose_function("pressed", self._press)
        context.expose_function("loaded", self._load)
        context.add_init_script(_TELLING)

    def _press(self) -> None:
        self.presses += 1

    def _load(self, milliseconds: float) -> None:
        self.loads += 1
        self.seconds += milliseconds / 1000
