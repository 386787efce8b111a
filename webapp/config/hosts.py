"""Under which address people reach the platform, and what else may be asked for."""

import ipaddress
import re
import socket
from urllib.parse import SplitResult, urlsplit

from webapp.config.environment import ConfigurationError, Environment


def is_this_machine(host: str) -> bool:
    """Tell whether a host can only be the machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def platform_url(environment: Environment, *, behind_tls: bool) -> SplitResult:
    """Return the address of the first page. Raises ConfigurationError where it cannot be one."""
    # A passkey belongs to a name, and browsers make none for the number of a machine.
    usual = f"http://localhost:{environment.number('PORT', 8000, 1, 65535)}"
    given = environment.text("PLATFORM_URL", usual).rstrip("/")
    if not _is_address(given):
        raise ConfigurationError(
            "PLATFORM_URL must be such as https://platform.example.org, with nothing behind it"
        )
    url = urlsplit(given)
    if url.scheme == "https" and not behind_tls:
        raise ConfigurationError(
            "PLATFORM_URL begins with https, so BEHIND_TLS must be 1: a proxy keeps the line secret"
        )
    if url.scheme == "http" and behind_tls:
        raise ConfigurationError("BEHIND_TLS is 1, so PLATFORM_URL must begin with https")
    if url.scheme == "http" and not is_this_machine(url.hostname or ""):
        raise ConfigurationError(
            "PLATFORM_URL must begin with https, unless it is 127.0.0.1 or localhost:"
            " passwords would cross the network in clear"
        )
    return url


# The names that browsers ask for: of letters, digits and hyphens, in parts set apart by dots.
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def _is_host(name: str) -> bool:
    try:
        return bool(_NAME.fullmatch(name) or ipaddress.ip_address(name))
    except ValueError:
        return False


def _is_address(given: str) -> bool:
    try:
        url = urlsplit(given)
        has_port = url.port != 0  # It is read only now, and refused if it is no number.
    except ValueError:
        return False
    nothing_else = not (url.path or url.query or url.fragment or "@" in url.netloc)
    return (
        url.scheme in {"http", "https"}
        and _is_host(url.hostname or "")
        and has_port
        and nothing_else
    )


def hosts(environment: Environment, url: SplitResult) -> frozenset[str]:
    """Return the hosts, without ports, by which people may ask for pages.

    Raises ConfigurationError for what is no name of a host, or would be served in clear.
    """
    host = url.hostname or ""
    by_any_name = {"127.0.0.1", "localhost", "::1"} if is_this_machine(host) else set()
    others = [word.lower() for word in environment.words("TRUSTED_HOSTS")]
    for name in others:
        if not _is_host(name):
            raise ConfigurationError(
                f"TRUSTED_HOSTS must hold names such as platform.example.org, and {name!r} is none"
            )
        if url.scheme == "http" and not is_this_machine(name):
            raise ConfigurationError(
                "TRUSTED_HOSTS may name another machine only where PLATFORM_URL begins with https:"
                " passwords would cross the network in clear"
            )
    return frozenset({host, *by_any_name, *others})


# What stands in addresses, rows and figures for monitoring as it is.
_MACHINE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def machine_name(environment: Environment) -> str:
    """Return by which name this host is known to the others and to administrators.

    Raises ConfigurationError for what is none.
    """
    name = environment.text("HOST_NAME", socket.gethostname())
    if not _MACHINE.fullmatch(name):
        raise ConfigurationError(
            f"HOST_NAME must be at most 64 letters, digits, dots and hyphens, and {name!r} is not"
        )
    return name
