"""What the whole case of Bishkek takes its people: presses, pages, and seconds of waiting.

    .venv/bin/python -m tests.speed.case
    .venv/bin/python -m tests.speed.case --on postgresql

Three people walk it in browsers on a platform that is served as in real use, by the same steps as
in tests/browser/test_browser_bishkek.py, from the sign-in of each to the mission in all calendars.
The browsers count by themselves. Seconds are those of the clock, so the load of the machine is told
with them.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import databases
from tests.browser import bishkek, steps
from tests.browser.counting import Count
from tests.conftest import CHROMIUM_FLAGS, serving
from tests.speed.rosters import database
from webapp.core.roles import Role

WHO = (Role.REQUESTER, Role.COORDINATOR, Role.EXPERT)


def measure(kind: str) -> str:
    """Return what each of the three, and all together, had to do and to wait, in Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty").mkdir()
        with database(kind, folder) as url:
            app = databases.make_app(folder, url)
            addresses = bishkek.join(app)
            databases.close(app)
            with serving(folder, url) as served, _chromium() as chromium:
                return _table(_walk(chromium, served, addresses), kind)


@contextmanager
def _chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=[*CHROMIUM_FLAGS])


def _walk(chromium: Any, url: str, addresses: Mapping[Role, str]) -> dict[Role, Count]:
    counts = {role: Count() for role in WHO}
    pages = [bishkek.come_in(chromium, url, addresses[role], counts[role]) for role in WHO]
    steps.from_draft_to_deployment(*pages)
    return counts


def _table(counts: Mapping[Role, Count], kind: str) -> str:
    of_all = counts.values()
    rows = {role.value: (one.presses, one.loads, one.seconds) for role, one in counts.items()}
    rows["all three"] = (
        sum(one.presses for one in of_all),
        sum(one.loads for one in of_all),
        sum(one.seconds for one in of_all),
    )
    load = os.getloadavg()[0]
    head = f"| {kind}, at a load of {load:.0f} | presses | pages loaded | seconds of waiting |"
    told = [f"| {who} | {one} | {two} | {three:.1f} |" for who, (one, two, three) in rows.items()]
    return "\n".join([head, f"|{'---|' * 4}", *told])


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--on", choices=databases.KINDS, default="sqlite")
    print(measure(parser.parse_args().on))


if __name__ == "__main__":
    _main()
