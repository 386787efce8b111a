"""The demo roster and requests, read once for all tests of the matcher."""

import json
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from matcher import Expert, ExpertIndex, Request

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"

# For mutation testing: a failure says enough there, and the search for a smaller one takes minutes.
settings.register_profile("mutation", phases=[Phase.explicit, Phase.generate], database=None)


def _rows(name):
    return [json.loads(line) for line in (DEMO / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="session")
def demo_folder():
    return DEMO


@pytest.fixture(scope="session")
def demo_experts():
    return [Expert.from_dict(row) for row in _rows("experts.jsonl")]


@pytest.fixture(scope="session")
def demo_requests():
    return [Request.from_dict(row) for row in _rows("requests.jsonl")]


@pytest.fixture(scope="session")
def demo_eligibility():
    return _rows("eligibility.jsonl")


@pytest.fixture(scope="session")
def demo_index(demo_experts):
    """Shared by all tests: rank on it, do not edit it."""
    return ExpertIndex(demo_experts)
