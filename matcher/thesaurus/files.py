"""The thesaurus as files: four tables of tab-separated text that people can read and edit."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from matcher.errors import ThesaurusError
from matcher.language import LANGUAGES
from matcher.thesaurus.build import ThesaurusTables, build_thesaurus
from matcher.thesaurus.matching import Thesaurus
from matcher.thesaurus.model import Acronym, Concept, Sense, Theme

_CONCEPT_COLUMNS = ("id", "themes", "broader", "related", "kind", *LANGUAGES)


def read_thesaurus(folder: str | os.PathLike[str]) -> Thesaurus:
    """Read and check the tables in a folder; raises :class:`ThesaurusError` (see
    :func:`read_tables` and :func:`matcher.thesaurus.build.build_thesaurus`)."""
    return build_thesaurus(*read_tables(folder))


def read_tables(folder: str | os.PathLike[str]) -> ThesaurusTables:
    """Read ``concepts.tsv``, ``acronyms.tsv``, ``themes.tsv`` and ``words.tsv`` from a folder.

    Raises :class:`ThesaurusError`, naming file and line, for a file that is missing or has a wrong
    form.
    """
    base = Path(folder)
    themes = [
        Theme(row["code"], row["label_en"], _list(row["synonyms"]))
        for row in _rows(base / "themes.tsv", ("code", "label_en", "synonyms"))
    ]
    concepts = [
        Concept(
            row["id"],
            _labels(row),
            _list(row["themes"]),
            row["kind"],
            _list(row["broader"]),
            _list(row["related"]),
        )
        for row in _rows(base / "concepts.tsv", _CONCEPT_COLUMNS)
    ]
    acronyms = [
        Acronym(row["acronym"], _list(row["concepts"]), row["case"] == "any", _list(row["context"]))
        for row in _rows(base / "acronyms.tsv", ("acronym", "concepts", "case", "context", "note"))
    ]
    senses = [
        Sense(row["id"], _labels(row)) for row in _rows(base / "words.tsv", ("id", *LANGUAGES))
    ]
    return ThesaurusTables(concepts, acronyms, themes, senses)


def _labels(row: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {language: labels for language in LANGUAGES if (labels := _list(row[language]))}


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ThesaurusError(f"{path}: cannot be read ({error})") from error
    if not lines or sorted(lines[0].split("\t")) != sorted(columns):
        raise ThesaurusError(f"{path}, line 1: the columns must be {', '.join(columns)}")
    header = lines[0].split("\t")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(header):
            raise ThesaurusError(
                f"{path}, line {number}: {len(header)} columns are expected, not {len(cells)}"
            )
        rows.append(dict(zip(header, cells, strict=True)))
    return rows


@lru_cache(maxsize=1)
def default_thesaurus() -> Thesaurus:
    """The thesaurus in ``data/thesaurus`` beside this library, read once in a process."""
    return read_thesaurus(Path(__file__).resolve().parents[2] / "data" / "thesaurus")
