"""Figures for monitoring: how many requests, how they ended and how long they took.

They are counted by endpoint, and by nothing of people. With several workers each counts in files of
its own, and whoever is asked adds them up.
"""

import os
import shutil
from pathlib import Path

from flask import Flask, Response, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)
from prometheus_client.registry import Collector

from webapp.core.monitoring import request_log

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
REQUESTS = Counter(
    "platform_requests", "Requests that were answered.", ["endpoint", "method", "status"]
)
SECONDS = Histogram(
    "platform_request_seconds",
    "How long answers took, without what the server itself adds.",
    ["endpoint"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
REFUSED = Counter("platform_disk_full", "How often a full disk kept the database from writing.")
# What an endpoint knows no method for could be any word.
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def share(folder: Path) -> None:
    """Let the processes that are forked from this one count together, from zero."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER] = str(folder)
    # The library chooses when it is imported, which is before anybody knows the folder.
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]


def exposition(*collectors: Collector) -> Response:
    """Return all figures, and those of `collectors`, as Prometheus reads them."""
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    for collector in collectors:
        registry.register(collector)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(endpoint, method, str(response.status_code)).inc()
    SECONDS.labels(endpoint).observe(request_log.seconds())
    return response


def init_app(app: Flask) -> None:
    """Count the requests of `app`, if anybody may ask for the figures."""
    if app.config["METRICS_TOKEN"]:
        app.after_request(_count)
