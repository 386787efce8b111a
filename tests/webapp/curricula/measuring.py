"""How much of made curricula is read right: pieces, dates and languages.

    python -m tests.webapp.curricula.measuring

prints the table of docs/measurements.md. A piece counts as found if nearly all words of its title
are those that were written; a date only if both of its months are right.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from playwright.sync_api import sync_playwright

from tests.webapp.curricula.made_files import HELD_OUT, LAYOUTS, Print, all_files
from tests.webapp.curricula.made_people import PEOPLE, Person, Work
from tests.webapp.curricula.ugly_files import ugly_files
from tests.webapp.curricula.word_files import WORD
from webapp.curricula.entries import Entry
from webapp.curricula.extraction import extract
from webapp.curricula.pieces import read
from webapp.curricula.wordings import words_of

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
File = tuple[Person, str, str, bytes]
KINDS = ("evidence", "dates", "trainings", "languages")


@contextmanager
def printer() -> Iterator[Print]:
    """Yield a function that prints HTML as PDF."""
    with sync_playwright() as tools:
        browser = tools.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()

        def print_(body: str) -> bytes:
            page.set_content(f"<html><body style='font-family:DejaVu Sans'>{body}</body></html>")
            return page.pdf()

        yield print_
        browser.close()


def is_same(found: str, written: str) -> bool:
    """Tell whether two titles have nearly all their words in common."""
    one, other = set(words_of(found)), set(words_of(written))
    return len(one & other) >= 0.8 * len(other) and len(one & other) >= 0.4 * len(one)


def _months(work: Work, style: str) -> tuple[date, date | None]:
    start, end = (f"{month}-01" if month else "" for month in (work.start, work.end))
    first, last = date.fromisoformat(start), date.fromisoformat(end) if end else None
    if style == "years":
        return first.replace(month=1), last and last.replace(month=12)
    return first, last


def compare(person: Person, style: str, name: str, data: bytes) -> Counter[str]:
    """Return how many pieces of each kind are written, found and found right in one file."""
    found = read(extract(data)["text"])
    missions = PEOPLE[0].missions if name == "mixed.docx" else person.missions
    works = (*person.posts, *missions)
    counted: Counter[str] = Counter()
    matched = list(_matched(found.evidence, works))
    counted["evidence written"], counted["evidence found"] = len(works), len(found.evidence)
    counted["evidence right"] = len(matched)
    dated = [entry for entry in found.evidence if entry.period]
    counted["dates written"], counted["dates found"] = len(works), len(dated)
    counted["dates right"] = sum(
        bool(e.period and (e.period.start, e.period.end) == _months(w, style)) for e, w in matched
    )
    counted["trainings written"] = len(person.courses)
    counted["trainings found"] = len(found.trainings)
    counted["trainings right"] = sum(
        any(is_same(entry.title, course) for entry in found.trainings) for course in person.courses
    )
    spoken = {(one.code, one.level) for one in found.languages}
    meant = {(code, level) for code, level, _written in person.languages}
    counted["languages written"], counted["languages found"] = len(meant), len(spoken)
    counted["languages right"] = len(spoken & meant)
    return counted


def _matched(entries: Iterable[Entry], works: Iterable[Work]) -> Iterator[tuple[Entry, Work]]:
    left = list(entries)
    for work in works:
        same = next((entry for entry in left if is_same(entry.title, work.title)), None)
        if same is not None:
            left.remove(same)
            yield same, work


def rates(counted: Counter[str], kind: str) -> tuple[float, float]:
    """Return precision and recall of a kind of pieces."""
    right = counted[f"{kind} right"]
    return right / max(counted[f"{kind} found"], 1), right / max(counted[f"{kind} written"], 1)


def measure(files_: Iterable[File]) -> tuple[int, Counter[str]]:
    """Count over files; say where something went wrong."""
    whole: Counter[str] = Counter()
    files = 0
    for person, style, name, data in files_:
        counted = compare(person, style, name, data)
        whole += counted
        files += 1
        if any(min(rates(counted, kind)) < 1 for kind in KINDS):
            print(f"{person.language} {style} {name}: {dict(counted)}")
    return files, whole


def main() -> None:
    """Print the tables, and what went wrong where."""
    with printer() as print_:
        for made in (
            all_files(print_, 5, LAYOUTS), all_files(print_, 3, HELD_OUT), ugly_files(print_),
            all_files(print_, 4, WORD),
        ):  # fmt: skip
            files, whole = measure(made)
            print(f"\n{files} files\n\n| | written | precision | recall |\n|---|---|---|---|")
            for kind in KINDS:
                precision, recall = rates(whole, kind)
                print(f"| {kind} | {whole[f'{kind} written']} | {precision:.3f} | {recall:.3f} |")


if __name__ == "__main__":
    main()
