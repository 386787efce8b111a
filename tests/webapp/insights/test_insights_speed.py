"""How long the pages take with ten thousand requests: printed, to be kept in docs/measurements.md.

.venv/bin/pytest -n 0 -s -m long tests/webapp/insights/test_insights_speed.py
"""

import time
from collections.abc import Callable
from statistics import median

import pytest
from flask import Flask

from tests.databases import writing
from tests.pages import Pages
from tests.webapp.demo_history.histories import written
from webapp.core.roles import Role
from webapp.insights.kinds import Part

# All that the platform has ever done, which is more than a year of it.
EVER = "first=2015-01-01"
PARTS = ("/insights", *(f"/insights/{part.value}" for part in Part))
ADDRESSES = ("/", *PARTS, *(f"{path}?{EVER}" for path in PARTS), "/insights/report.xlsx")


@pytest.mark.long
@pytest.mark.both_databases
def test_pages_answer_with_ten_thousand_requests(
    app: Flask, sign_in_as: Callable[..., Pages], database_kind: str
) -> None:
    with writing(app) as session:
        written(session, 10_000)
    coordinator = sign_in_as(Role.COORDINATOR)
    for address in ADDRESSES:
        client = app.test_client() if address == "/" else coordinator.client
        taken, worked = [], []
        for _ in range(5):
            begun, at_work = time.perf_counter(), time.process_time()
            assert client.get(address).status_code == 200
            taken.append(1000 * (time.perf_counter() - begun))
            worked.append(1000 * (time.process_time() - at_work))
        # On a machine that others use, the time of this process's own work says more.
        print(
            f"{database_kind:<11}{address:<60}{median(taken):6.0f} ms, {median(worked):.0f} at work"
        )
