"""A line to a PostgreSQL server that tests can freeze, cut and mend."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa


class Line:
    """Carries bytes between a port of this machine and the server at `url`."""

    def __init__(self, url: sa.URL) -> None:
        self._server = url
        self._open: list[socket.socket] = []
        self._flows = threading.Event()
        self.port = 0
        self.mend()

    @property
    def url(self) -> str:
        """Return where the database is found through this line."""
        here = self._server.set(host="127.0.0.1", port=self.port).difference_update_query(["host"])
        return here.render_as_string(hide_password=False)

    def mend(self) -> None:
        """Let the server be reached (again)."""
        self._flows.set()
        if not self._open:
            listener = socket.create_server(("127.0.0.1", self.port), backlog=200)
            self.port = listener.getsockname()[1]
            self._open.append(listener)
            threading.Thread(target=self._accept, args=[listener], daemon=True).start()

    def freeze(self) -> None:
        """Carry nothing: connections stay, new ones are taken, and nobody says a word."""
        self._flows.clear()

    def cut(self) -> None:
        """End all connections and refuse new ones."""
        self._flows.set()
        for end in self._open:
            with suppress(OSError):  # The other side may have been quicker.
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # It was cut.
            self._open.append(near)
            threading.Thread(target=self._join, args=[near], daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        self._flows.wait()
        try:
            far = self._reach()
        except OSError:
            near.close()  # Nobody is there: whoever came must not wait for them.
            return
        self._open.append(far)
        threading.Thread(target=self._carry, args=[far, near], daemon=True).start()
        self._carry(near, far)

    def _reach(self) -> socket.socket:
        port, folder = self._server.port or 5432, self._server.query.get("host")
        if not folder:
            return socket.create_connection((self._server.host or "127.0.0.1", port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(str(Path(str(folder)) / f".s.PGSQL.{port}"))
        return far

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self._flows.wait()
                target.sendall(data)
        except OSError:
            pass  # It was cut, or one side was killed in the middle of a word.
        # The other side is told: a server would otherwise hold for ever what a dead client locked.
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
