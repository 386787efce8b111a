"""The people of tests/speed/people.py: the pages they open are measured, their program is locked.

Locust is in an environment of its own, which tests/speed/load.py makes; where there is one, the
licences of all that is in it are looked at.
"""

import re
from importlib import metadata

from tests.conftest import ROOT, unavailable
from tests.speed.load import environment_of_locust
from tests.speed.pages import addresses
from tests.speed.rosters import USUAL_PLACE
from tests.structure.test_conventions import ALLOWED, FORBIDDEN, licences

# What is sent and not opened has no HTML of its own to compare with.
SENT = {"save a draft", "sign in"}
# Zope's licence is one of the permissive kind; nothing of this is passed on with the platform.
ALSO_ALLOWED = re.compile("ZPL-2.1")


def test_each_page_that_people_open_is_measured_beside_its_html() -> None:
    text = (ROOT / "tests" / "speed" / "people.py").read_text("utf-8")
    opened = set(re.findall(r'self\.(?:open|hidden|client\.post)\([^)]*?"([a-z ]+)"', text))
    assert opened - SENT <= set(addresses([]))
    assert {"ranking", "save a draft", "own profile", "audit log"} <= opened


def test_each_package_of_locust_is_held_to_its_hashes() -> None:
    lock = (ROOT / "requirements" / "load.txt").read_text("utf-8")
    packages = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)[1:]
    assert "locust" in {text.partition("==")[0] for text in packages}
    assert not [text for text in packages if "--hash=sha256:" not in text]


def _installed() -> list[metadata.Distribution]:
    places = environment_of_locust(USUAL_PLACE).glob("lib/python*/site-packages")
    return list(metadata.distributions(path=[str(place) for place in places]))


def test_what_locust_needs_may_be_used() -> None:
    packages = _installed()
    if not packages:
        unavailable("Locust", "REQUIRE_LOCUST", "tests.speed.load has not made its environment")
    for package in packages:
        said = licences(package)
        assert ALLOWED.search(said) or ALSO_ALLOWED.search(said), f"{package.name}: {said}"
        assert not FORBIDDEN.search(said), f"{package.name}: {said}"
