"""The roster as numbers, editable while it is ranked.

In: the terms of each expert's entries.
Out: a :class:`Snapshot` of one revision: term weights, mean lengths, and blocks of profiles with
postings, which bound all scores and give out a :class:`Selection` of profiles to be scored exactly;
and all of it written to files and read back.
"""

from __future__ import annotations

from matcher.store.blocks import Blocks, BlockView
from matcher.store.collection_statistics import CollectionStatistics
from matcher.store.encoded_experts import EncodedExperts
from matcher.store.files import StoredIndex, read_index, write_index
from matcher.store.folding import folded
from matcher.store.kernels import (
    clear_others,
    join_stretches,
    keep_greatest,
    look_up_contributions,
    weightiest_sentences,
)
from matcher.store.length_normalization import pivoted_lengths
from matcher.store.profile_table import ProfileTable
from matcher.store.selection import Selection
from matcher.store.serialization import arrays_of, block_of, facts_of
from matcher.store.snapshot import Query, Snapshot
from matcher.store.term_counts import numbered_anew, profiles_of
from matcher.store.term_weights import entry_value, whole_value
from matcher.store.vocabulary import Vocabulary

__all__ = [
    "BlockView",
    "Blocks",
    "CollectionStatistics",
    "EncodedExperts",
    "ProfileTable",
    "Query",
    "Selection",
    "Snapshot",
    "StoredIndex",
    "Vocabulary",
    "arrays_of",
    "block_of",
    "clear_others",
    "entry_value",
    "facts_of",
    "folded",
    "join_stretches",
    "keep_greatest",
    "look_up_contributions",
    "numbered_anew",
    "pivoted_lengths",
    "profiles_of",
    "read_index",
    "weightiest_sentences",
    "whole_value",
    "write_index",
]
