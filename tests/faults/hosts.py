"""Hosts of one platform behind nginx, each with a folder, processes and lines of its own.

They stand on one machine, at ports of their own (in networks of their own: networks.py): what they
have in common is the database alone, which each reaches through a line that can be cut, as nginx
reaches each of them.
"""

import email
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from tests.conftest import ROOT, free_port, unavailable, wait_until_ready
from tests.databases import environment
from tests.faults.lines import Line

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
SERVER = [sys.executable, "-m", "gunicorn", "-c", "python:webapp.gunicorn_conf", "wsgi:app"]
JOBS = [
    sys.executable, "-m", "huey.bin.huey_consumer", "webapp.worker.huey",
    "--workers", "1", "--max-delay", "1", "--quiet",
]  # fmt: skip


class Processes:
    """A machine with two workers that serve pages, and one that does the jobs."""

    # What a command is run by to be on that machine.
    within: Sequence[str] = ()

    def __init__(self, folder: Path, url: str, environ: Mapping[str, str]) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.url, self._environ = folder, url, environ
        self._log = (folder / "log").open("ab")
        self._pages: subprocess.Popen[bytes] | None = None
        self._jobs: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start what does not run, as systemd would."""
        if self._pages is None:
            self._pages = self._run(SERVER)
            wait_until_ready(self._pages, self.url)
        if self._jobs is None:
            self._jobs = self._run(JOBS)

    def _run(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.within, *command], cwd=ROOT, env=self._environ, stdout=self._log,
            stderr=self._log, start_new_session=True,
        )  # fmt: skip

    def said(self) -> str:
        """Return what its processes have written into their log."""
        return (self.folder / "log").read_text()

    @property
    def workers(self) -> list[int]:
        """Return the processes that serve pages."""
        assert self._pages is not None
        children = Path(f"/proc/{self._pages.pid}/task/{self._pages.pid}/children")
        return [int(number) for number in children.read_text().split()]

    def kill_worker(self) -> None:
        """End one of the processes that serve pages; the first process starts another."""
        os.kill(self.workers[0], signal.SIGKILL)

    def kill_jobs(self) -> None:
        """End the job worker."""
        _kill(self._jobs)
        self._jobs = None

    def kill(self) -> None:
        """End all processes, as when the power goes."""
        _kill(self._pages)
        self._pages = None
        self.kill_jobs()

    def close(self) -> None:
        """Leave nothing behind."""
        self.kill()
        self._log.close()

    def mails(self) -> Counter[str]:
        """Return how often each mail has left from here, by its Message-ID."""
        files = (self.folder / "mail").glob("*")
        texts = (text for file in files for text in file.read_text().split(f"{'-' * 79}\n"))
        heads = (email.message_from_string(text)["Message-ID"] for text in texts)
        return Counter(str(head) for head in heads if head)


class Host(Processes):
    """A host at a port of this machine, between two lines."""

    def __init__(self, folder: Path, database_url: str) -> None:
        port, url = free_port(), sa.make_url(database_url)
        self.to_database = Line(url)
        # A file is reached without a line.
        is_file = url.get_backend_name() == "sqlite"
        found_at = database_url if is_file else self.to_database.url
        self.from_nginx = Line(sa.URL.create("http", host="127.0.0.1", port=port))
        environ = environment(folder, found_at) | {"PORT": str(port), "TRUSTED_PROXIES": "1"}
        environ["HOST_NAME"] = folder.name
        super().__init__(folder, f"http://127.0.0.1:{port}", environ)

    def close(self) -> None:
        """Leave nothing behind."""
        super().close()
        self.to_database.cut()
        self.from_nginx.cut()


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)


def whole(folder: Path, text: str) -> str:
    """Return a whole configuration for nginx, which keeps all its files in a folder."""
    text = text.replace("/var/log/nginx/", f"{folder}/")
    bodies = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # The folders of a test are for its own account alone.
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ {bodies}\n{text} }}\n"
    )


def _configuration(folder: Path, behind: Sequence[str], port: int) -> str:
    """Return `deploy/nginx.conf` as it is with several hosts, without TLS."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    upstream, _redirect, server = text.split("\nserver {")
    (line,) = (line for line in upstream.splitlines() if "server 127.0.0.1:8000" in line)
    lines = (line.replace("127.0.0.1:8000", address) for address in behind)
    upstream = upstream.replace(line, "\n".join(lines))
    server = "\n".join(
        line for line in server.splitlines() if not line.strip().startswith(("listen", "ssl_"))
    )
    return whole(folder, f"{upstream}\nserver {{ listen 127.0.0.1:{port};\n{server}")


@contextmanager
def behind_nginx(folder: Path, behind: Sequence[str]) -> Iterator[str]:
    """Start nginx before hosts that it reaches at these addresses, and give its own."""
    if NGINX is None:
        unavailable("nginx", "REQUIRE_NGINX", "there is none")
    port, file = free_port(), folder / "nginx.conf"
    file.write_text(_configuration(folder, behind, port))
    process = subprocess.Popen([NGINX, "-c", file])
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until(what: str, is_so: Callable[[], bool], seconds: float = 120) -> None:
    """Return when `is_so` says yes; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"in vain waited until {what}"
        time.sleep(0.1)
