"""What a walk through pages takes: presses, fields, pages loaded, and seconds of waiting.

The browser itself tells of each press of a link, button, summary or chooser of a file, of each
field that something was typed or chosen in, once on each page, and of how long a page took from the
press until it could be read. What people read is not in it, nor the letters that they type.
"""

from dataclasses import dataclass
from typing import Any

_TELLING = """
addEventListener("click", event => {
  if (event.isTrusted && event.target.closest("a, button, summary, [type=file]")) pressed();
}, true);
const told = new Set();
addEventListener("input", ({ target }) => {
  if (target.name && !told.has(target.name)) filled();
  told.add(target.name);
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
    fields: int = 0
    loads: int = 0
    seconds: float = 0.0

    def follow(self, context: Any) -> None:
        """Count in a browser, before its first page is opened."""
        context.expose_function("pressed", self._press)
        context.expose_function("filled", self._fill)
        context.expose_function("loaded", self._load)
        context.add_init_script(_TELLING)

    def _press(self) -> None:
        self.presses += 1

    def _fill(self) -> None:
        self.fields += 1

    def _load(self, milliseconds: float) -> None:
        self.loads += 1
        self.seconds += milliseconds / 1000
