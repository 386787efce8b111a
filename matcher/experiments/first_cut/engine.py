"""The engine of a first cut: tantivy, with the keys by which profiles are to be found given to it.

It ranks by BM25 (k1 1.2, b .75) and skips what cannot be among the first asked for, as Lucene does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

_HEAP: Final = 256_000_000
_FIELD: Final = "keys"


class CutIndex:
    """Profiles by keys, each as often as a profile has it; built from pairs of an id and the keys,
    which have no blank in them. In memory, or in a ``folder`` that is there and empty."""

    def __init__(
        self, profiles: Iterable[tuple[str, Iterable[str]]], folder: Path | None = None
    ) -> None:
        import tantivy

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field(_FIELD, tokenizer_name="whitespace", index_option="freq")
        builder.add_integer_field("row", fast=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema, path=None if folder is None else str(folder))
        # Keys are whole as they come, however long.
        index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        self._ids: list[str] = []
        for expert_id, keys in profiles:
            document = tantivy.Document(row=len(self._ids), **{_FIELD: " ".join(keys)})
            self._ids.append(expert_id)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def query(self, keys: Mapping[str, float]) -> Any:
        """The question for profiles that have any of some keys, each with what it counts."""
        query, either = self._tantivy.Query, self._tantivy.Occur.Should
        return query.boolean_query(
            [
                (
                    either,
                    query.boost_query(
                        query.term_query(self._schema, _FIELD, key, "freq"), max(weight, 1e-6)
                    ),
                )
                for key, weight in keys.items()
            ]
        )

    def first(self, query: Any, limit: int) -> Sequence[str]:
        """The ids of the ``limit`` best, best first."""
        hits = self._searcher.search(query, limit=limit, count=False).hits
        rows = self._searcher.fast_field_values("row", [place for _, place in hits])
        return [self._ids[int(row or 0)] for row in rows]
