"""Records read into terms: words, subjects of the field and everyday senses, each with its place.

In: experts and requests, a thesaurus, and for requests the words of a roster.
Out: the entries of a profile and the texts of a request as passages with their terms, and what of
a request is set aside or wished for beside its subject.
"""

from __future__ import annotations

from matcher.analysis.analyzer import Analyzer

__all__ = ["Analyzer"]
