"""Other search engines on the same entries, each as its documentation says it is fastest.

They are given an advantage: their search is the bare one. Reading the query (tokens, stop words,
stems, parsing) happens outside the clock, and so do filters, adding up entries to experts, and
explanations, which they do not do at all. All but the textbook way read English words alike: the
stop words of the matcher are dropped and what is left is stemmed. All work on one thread.
"""

from __future__ import annotations

import importlib.util
import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import numpy as np
import snowballstemmer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from matcher.language import BY_LANGUAGE

TOP: Final = 20
_STOP_WORDS: Final = sorted(BY_LANGUAGE["en"])
_WORD: Final = re.compile(r"\w\w+")
_MEGABYTE: Final = 1_000_000


class Peer(Protocol):
    """One engine over the entries of a roster, built by its constructor from their texts and the
    row of the expert that each belongs to (ascending, as many as texts)."""

    def __init__(self, texts: Sequence[str], owners: Sequence[int]) -> None: ...

    def read(self, text: str) -> Any:
        """The query for a text, in the form that :meth:`search` takes."""
        ...

    def search(self, query: Any) -> Any:
        """The bare search for the :data:`TOP` best, in the engine's own form."""
        ...

    def experts(self, found: Any) -> list[int]:
        """Rows of experts for what :meth:`search` returned, best first, each as often as found."""
        ...

    def setting(self) -> str:
        """What must be known to judge its figures."""
        ...


class Textbook:
    """One concatenated text per expert, ``TfidfVectorizer()``, cosine similarity, full sort."""

    def __init__(self, texts: Sequence[str], owners: Sequence[int]) -> None:
        profiles: list[list[str]] = [[] for _ in range(owners[-1] + 1)]
        for text, owner in zip(texts, owners, strict=True):
            profiles[owner].append(text)
        self._vectorizer = TfidfVectorizer()
        self._matrix = self._vectorizer.fit_transform("\n".join(parts) for parts in profiles)

    def read(self, text: str) -> Any:
        return self._vectorizer.transform([text])

    def search(self, query: Any) -> Any:
        return np.argsort(-cosine_similarity(query, self._matrix)[0])[:TOP]

    def experts(self, found: Any) -> list[int]:
        rows: list[int] = found.tolist()
        return rows

    def setting(self) -> str:
        return "scikit-learn, one row per expert"


class Bm25s:
    """bm25s over entries, with its numpy backend."""

    BACKEND = "numpy"

    def __init__(self, texts: Sequence[str], owners: Sequence[int]) -> None:
        import bm25s

        self._stem = snowballstemmer.stemmer("english").stemWords
        self._owners = owners
        self._index = bm25s.BM25(backend=self.BACKEND)
        tokens = bm25s.tokenize(
            list(texts), stopwords=_STOP_WORDS, stemmer=self._stem, show_progress=False
        )
        self._index.index(tokens, show_progress=False)
        self._top = min(TOP, len(texts))

    def read(self, text: str) -> Any:
        return [[token for token in _stems(text, self._stem) if token in self._index.vocab_dict]]

    def search(self, query: Any) -> Any:
        if not query[0]:
            return []
        return self._index.retrieve(query, k=self._top, show_progress=False, n_threads=0)

    def experts(self, found: Any) -> list[int]:
        if not found:
            return []
        pairs = zip(found.documents[0].tolist(), found.scores[0].tolist(), strict=True)
        return [self._owners[row] for row, score in pairs if score > 0]

    def setting(self) -> str:
        return f"backend {self._index.backend}"


class Bm25sNumba(Bm25s):
    """The same with its backend that numba compiles when it is first used."""

    BACKEND = "numba"


class Tantivy:
    """tantivy over entries: in memory, one segment if its writer allows, no positions, no count of
    hits, so that it may skip what cannot be among the best."""

    def __init__(self, texts: Sequence[str], owners: Sequence[int]) -> None:
        import tantivy

        self._tantivy = tantivy
        self._analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.custom_stopword(_STOP_WORDS))
            .filter(tantivy.Filter.stemmer("english"))
            .build()
        )
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="entry", index_option="freq")
        builder.add_integer_field("owner", fast=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        index.register_tokenizer("entry", self._analyzer)
        # What does not fit into the heap of the only writing thread becomes a further segment.
        heap = min(4_000, 100 + 6 * sum(map(len, texts)) // _MEGABYTE) * _MEGABYTE
        writer = index.writer(heap_size=heap, num_threads=1)
        for text, owner in zip(texts, owners, strict=True):
            writer.add_document(tantivy.Document(text=text, owner=owner))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def read(self, text: str) -> Any:
        query, terms = self._tantivy.Query, dict.fromkeys(self._analyzer.analyze(text))
        either = self._tantivy.Occur.Should
        return query.boolean_query(
            [(either, query.term_query(self._schema, "text", term, "freq")) for term in terms]
        )

    def search(self, query: Any) -> Any:
        return self._searcher.search(query, limit=TOP, count=False)

    def experts(self, found: Any) -> list[int]:
        places = [place for _, place in found.hits]
        return [int(owner or 0) for owner in self._searcher.fast_field_values("owner", places)]

    def setting(self) -> str:
        return f"in memory, segments: {self._searcher.num_segments}"


class Fts5:
    """SQLite's FTS5 over entries: in memory, contentless, Porter's stems, ranked by bm25."""

    def __init__(self, texts: Sequence[str], owners: Sequence[int]) -> None:
        self._owners = owners
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "CREATE VIRTUAL TABLE entry"
            " USING fts5(text, content='', columnsize=1, tokenize='porter unicode61')"
        )
        with self._connection:
            self._connection.executemany(
                "INSERT INTO entry (rowid, text) VALUES (?, ?)", enumerate(texts, start=1)
            )
            self._connection.execute("INSERT INTO entry (entry) VALUES ('optimize')")

    def read(self, text: str) -> Any:
        return " OR ".join(f'"{word}"' for word in _words(text))

    def search(self, query: Any) -> Any:
        # The column "rank" is bm25(entry), and sorting by it is what the manual advises.
        return self._connection.execute(
            "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT ?", (query, TOP)
        ).fetchall()

    def experts(self, found: Any) -> list[int]:
        return [self._owners[row - 1] for (row,) in found]

    def setting(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}, in memory"


PEERS: Final[dict[str, type[Peer]]] = {
    "textbook": Textbook,
    "bm25s": Bm25s,
    "bm25s-numba": Bm25sNumba,
    "tantivy": Tantivy,
    "fts5": Fts5,
}
_PACKAGES: Final = {
    "bm25s": ("bm25s",),
    "bm25s-numba": ("bm25s", "numba"),
    "tantivy": ("tantivy",),
}


def missing(name: str) -> str | None:
    """Why a peer cannot run here, in words; None if it can."""
    for package in _PACKAGES.get(name, ()):
        if importlib.util.find_spec(package) is None:
            return f"{name}: the package {package} is not installed (extra 'bench')"
    if name == "fts5" and not _has_fts5():
        return "fts5: this SQLite was built without FTS5"
    return None


def _has_fts5() -> bool:
    connection = sqlite3.connect(":memory:")
    options = {option for (option,) in connection.execute("PRAGMA compile_options")}
    connection.close()
    return "ENABLE_FTS5" in options


def _words(text: str) -> list[str]:
    words = dict.fromkeys(_WORD.findall(text.lower()))
    return [word for word in words if word not in BY_LANGUAGE["en"]]


def _stems(text: str, stem: Callable[[list[str]], list[str]]) -> list[str]:
    return list(dict.fromkeys(stem(_words(text))))
