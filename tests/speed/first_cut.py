"""What finding the first thousand of very many profiles takes: tantivy, and PostgreSQL's full text.

    .venv/bin/python -m tests.speed.first_cut 10000 100000
    .venv/bin/python -m tests.speed.first_cut 1000000 --without-postgresql

Profiles have the terms that the matcher finds in fictional ones, entry by entry put together anew,
so that many are made quickly; what is asked for are the terms of fictional requests. PostgreSQL has
them in a table of eight partitions by the hash of the number, with a GIN index each. Times are CPU
seconds of the process that searches, so that they bear other work on the machine. How good such a
cut is, is told by `python -m matcher first-cut`.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import psycopg

import matcher
from matcher.analysis import Analyzer
from matcher.experiments.benchmark.rosters import requests, roster
from matcher.experiments.first_cut.engine import CutIndex
from matcher.passages import count_terms
from tests.postgresql import postgresql_server

READ, REQUESTS, SEED, FIRST, ENTRIES, PARTITIONS = 1000, 20, 7, 1000, 6, 8
TABLE = """
CREATE TABLE cut (id bigint NOT NULL, keys tsvector NOT NULL) PARTITION BY HASH (id);
SET max_parallel_workers_per_gather = 0;
"""
PARTITION = "CREATE TABLE cut_{at} PARTITION OF cut FOR VALUES WITH (MODULUS {of}, REMAINDER {at})"
INDEX = "CREATE INDEX ON cut USING gin (keys) WITH (fastupdate = off)"
SEARCH = """
SELECT id FROM cut, to_tsquery('simple', %s) AS asked WHERE keys @@ asked
ORDER BY ts_rank(keys, asked) DESC LIMIT %s
"""
HOW_MANY = "SELECT count(*) FROM cut, to_tsquery('simple', %s) AS asked WHERE keys @@ asked"
SIZE = "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('cut')"

Profile = tuple[str, list[str]]


class Profiles:
    """Profiles out of the entries of a thousand, as keys of letters and digits alone."""

    def __init__(self) -> None:
        thesaurus = matcher.default_thesaurus()
        analyzer = Analyzer(thesaurus)
        self._keys: dict[str, str] = {}
        self._entries = [
            [self._key(found.term) for found in passage.occurrences]
            for expert in roster(READ, SEED, thesaurus)
            for _, passage in analyzer.expert_passages(expert)
        ]
        self.asked = [
            [self._key(term) for term in count_terms(analyzer.request_passages(one))]
            for one in requests(REQUESTS, SEED, thesaurus)
        ]

    def _key(self, term: str) -> str:
        return self._keys.setdefault(term, f"k{len(self._keys)}")

    def some(self, number: int) -> Iterator[Profile]:
        """So many profiles, of six entries each."""
        dice = random.Random(SEED)
        for at in range(number):
            yield str(at), [key for part in dice.choices(self._entries, k=ENTRIES) for key in part]


def worked(process: int) -> float:
    """Return how many seconds a process has worked until now."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def middle(search: Callable[[list[str]], object], asked: Sequence[list[str]]) -> float:
    """Return the median of what searches take in this process, in CPU seconds."""
    took = []
    for keys in asked:
        started = time.process_time()
        search(keys)
        took.append(time.process_time() - started)
    return median(took)


def of_tantivy(profiles: Profiles, number: int) -> str:
    """Measure tantivy on so many profiles; return a line of the table."""
    with tempfile.TemporaryDirectory() as name:
        started = time.process_time()
        index = CutIndex(profiles.some(number), Path(name))
        built = time.process_time() - started
        size = sum(file.stat().st_size for file in Path(name).iterdir())
        took = middle(
            lambda keys: index.first(index.query(dict.fromkeys(keys, 1.0)), FIRST), profiles.asked
        )
    return _line("tantivy", number, built, size, took, "")


def of_postgresql(url: str, profiles: Profiles, number: int) -> str:
    """Measure PostgreSQL on so many profiles; return a line of the table."""
    with psycopg.connect(url, autocommit=True) as connection:
        process = connection.info.backend_pid
        connection.execute(TABLE)
        for at in range(PARTITIONS):
            connection.execute(PARTITION.format(at=at, of=PARTITIONS))
        started = worked(process)
        with connection.cursor().copy("COPY cut (id, keys) FROM STDIN") as rows:
            for expert_id, keys in profiles.some(number):
                rows.write_row((int(expert_id), " ".join(sorted(set(keys)))))
        connection.execute(INDEX)
        connection.execute("VACUUM ANALYZE cut")
        built = worked(process) - started
        (size,) = connection.execute(SIZE).fetchone() or (0,)
        took, found = [], []
        for asked in map(" | ".join, profiles.asked):
            started = worked(process)
            connection.execute(SEARCH, (asked, FIRST)).fetchall()
            took.append(worked(process) - started)
            found.append((connection.execute(HOW_MANY, (asked,)).fetchone() or (0,))[0])
        connection.execute("DROP TABLE cut")
    share = f"{median(found) / number:.0%}"
    return _line("PostgreSQL", number, built, int(size), median(took), share)


def _line(engine: str, number: int, built: float, size: int, took: float, share: str) -> str:
    cells = (
        engine, f"{number:,}", f"{built:.1f}", f"{size / number:,.0f}", f"{1000 * took:,.1f}", share
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("profiles", type=int, nargs="+")
    parser.add_argument("--without-postgresql", action="store_true")
    given = parser.parse_args()
    profiles = Profiles()
    print("| engine | profiles | built, CPU s | bytes each | first 1,000, CPU ms | that match |")
    print(f"|{'---|' * 6}", flush=True)
    for number in given.profiles:
        print(of_tantivy(profiles, number), flush=True)
    if not given.without_postgresql:
        with postgresql_server() as url:
            for number in given.profiles:
                print(of_postgresql(url, profiles, number), flush=True)


if __name__ == "__main__":
    _main()
