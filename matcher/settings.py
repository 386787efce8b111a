"""The numbers that the ranking is tuned by, in one place; docs/adr and the notebook on the quality
of rankings say how each was chosen and what another value costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Weights of the ranking; the defaults are those that were measured best.

    ``discount``: each further entry of an expert counts this share of the one before it, so that
    the best piece of evidence decides and the tenth mention of a word adds next to nothing.

    ``whole_share``: share of the profile as a whole in the score, the rest being that of its best
    entries.

    ``pivot_slope``: share of an entry's own length in the length it is divided by, the rest being
    the mean length of all (Singhal, Buckley and Mitra 1996, "Pivoted document length
    normalization"): at 1 the shortest entries win, at 0 the longest.

    ``concept_weight``, ``family_weight`` and ``sense_weight``: weights of a concept, of a broad
    subject that it belongs to, and of the sense of an everyday word, beside a word of the same
    rarity.

    ``claim_weight``: what a theme that is the only one somebody claims counts beside evidence of
    the same words.
    """

    discount: float = 0.6
    whole_share: float = 0.5
    pivot_slope: float = 0.75
    concept_weight: float = 1.7
    family_weight: float = 1.0
    sense_weight: float = 1.2
    claim_weight: float = 0.8


DEFAULTS = Settings()
