"""The pairs of the whole roster, sought again only among those whose profiles have changed."""

from sqlalchemy.orm import Session

from webapp.roster.duplicates import compare_all
from webapp.roster.marks import Marks
from webapp.roster.sketches import read_versions, sketch_all_of


class Sought:
    """What a process keeps of the roster to find its pairs anew: numbers alone, and no texts.

    What has changed is told by the profiles themselves: a revision may go back when a backup is
    restored, and other addresses of accounts do not raise it. After an exception it is of no use.
    """

    def __init__(self) -> None:
        self._versions: dict[int, int] = {}
        self._marks = Marks()
        self._pairs: set[tuple[int, int]] = set()

    def follow(self, session: Session) -> set[tuple[int, int]]:
        """Return the pairs as the roster is now, those that were told apart among them."""
        versions = read_versions(session)
        changed = {
            number for number, version in versions.items() if self._versions.get(number) != version
        }
        gone = self._versions.keys() - versions.keys()
        known = {one.id: one for one in sketch_all_of(session, changed)}
        anew = self._marks.take(known.values(), gone)
        pairs = list(self._marks.pairs(anew))
        met = {number for pair in pairs for number in pair}
        known |= {one.id: one for one in sketch_all_of(session, met - known.keys())}
        left = {pair for pair in self._pairs if (anew | gone).isdisjoint(pair)}
        found = compare_all(known, pairs)
        self._pairs = left | {pair.numbers for pair in found}
        self._versions = versions
        return set(self._pairs)
