"""What two profiles must share to be compared, so that few are: not everybody with everybody."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

from webapp.roster.sketches import Sketch
from webapp.roster_imports.twins import MOST_NAMESAKES, pairs_of

# How many may share a mark and are still compared. An address or a telephone that more share is
# that of an office, and says nothing, as does a name that more have. Where more of one institution
# have a like name, those of them are compared who share so many letters.
MOST = {"reached": 4, "name": 200, "words": MOST_NAMESAKES, "near": 50, "nearer": 50}
KINDS = {kind: at for at, kind in enumerate(MOST)}
MOST_OF_KIND = tuple(MOST.values())
# A mark is kept as a number whose last bits tell its kind.
KIND_BITS = 0b111
LETTERS = 4


class Marks:
    """The marks of everybody, as numbers: of 50,000 people their texts would not be small."""

    def __init__(self) -> None:
        self._of: dict[int, array[int]] = {}

    def take(self, sketches: Iterable[Sketch], gone: Iterable[int] = ()) -> set[int]:
        """Take people as they are now, and out who is `gone`; return whose pairs may be others.

        These are they, and all who share a mark that few enough have now, or no more.
        """
        changed = {one.id: array("q", _numbers(one)) for one in sketches}
        gone = self._of.keys() & set(gone)
        before = [self._of[number] for number in changed.keys() | gone if number in self._of]
        touched = {mark for marks in (*before, *changed.values()) for mark in marks}
        had = self._count(touched)
        for number in gone:
            del self._of[number]
        self._of.update(changed)
        have = self._count(touched)
        crossed = {
            mark for mark in touched if (had[mark] <= _most(mark)) != (have[mark] <= _most(mark))
        }
        return changed.keys() | {
            number for number, marks in self._of.items() if not crossed.isdisjoint(marks)
        }

    def pairs(self, people: Collection[int] | None = None) -> Iterator[tuple[int, int]]:
        """Yield each pair that is to be compared once, the lower number first; with `people`, those
        in which one of them stands."""
        chosen = self._of.keys() if people is None else self._of.keys() & set(people)
        wanted = {mark for number in chosen for mark in self._of[number]}
        sharing: dict[int, list[int]] = defaultdict(list)
        for number, marks in self._of.items():
            for mark in wanted.intersection(marks):
                sharing[mark].append(number)
        for one in chosen:
            groups = (sharing[mark] for mark in self._of[one] if len(sharing[mark]) <= _most(mark))
            for other in set().union(*groups) - {one}:
                if other > one or other not in chosen:
                    yield (min(one, other), max(one, other))

    def _count(self, touched: set[int]) -> Counter[int]:
        return Counter(mark for marks in self._of.values() for mark in touched.intersection(marks))


def _most(mark: int) -> int:
    return MOST_OF_KIND[mark & KIND_BITS]


def _numbers(one: Sketch) -> set[int]:
    return {hash(mark) & ~KIND_BITS | KINDS[mark[0]] for mark in _texts(one)}


def _texts(one: Sketch) -> Iterator[tuple[str, ...]]:
    """Yield each mark with its kind."""
    for key in one.keys:
        yield ("name", key)
    for _spelling, two in pairs_of(one.name):
        yield ("words", *two)
    for way in (*one.emails, one.telephone):
        if way:
            yield ("reached", way)
    if one.institution:
        yield from _of_colleagues(one)


def _of_colleagues(one: Sketch) -> Iterator[tuple[str, ...]]:
    """Yield a word of the name, with the first letter of another and with its first letters: slips
    are seldom made there."""
    spellings = [key.split() for key in one.keys]
    all_words = {word for words in spellings for word in words}
    for words in spellings:
        for word in words:
            letters = {rest[0] for rest in words if rest != word}
            if len(word) > 1 and letters:
                for letter in letters:
                    yield ("near", one.institution, word, letter)
                for rest in all_words - {word}:
                    if rest[0] in letters:
                        yield ("nearer", one.institution, word, rest[:LETTERS])
