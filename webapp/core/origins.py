"""Where a request comes from: through how many proxies, for which host, and from whose page."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.core.errors import DomainError, ForbiddenError
from webapp.core.words.translation import _

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# The machine itself asks for these by a name of its own; they say nothing that a host changes.
HEALTH = frozenset({"home.healthz", "home.readyz", "home.metrics"})
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
# What one customer of a provider has at least.
SUBNET = 64


def address() -> str | None:
    """Return the network address that this request comes from, as it is written down; None for what
    is none, because a header that a proxy passes on can hold anything."""
    told = _address()
    return None if told is None else str(told)


def source() -> str:
    """Return whence this request comes, as tries are counted: an address of IPv4, a /64 of IPv6.

    Whoever has one address of IPv6 has all of its subnet, and could take another for each try.
    Source: RFC 4291, 2.5.1.
    """
    told = _address()
    if not isinstance(told, IPv6Address):
        return request.remote_addr or ""
    if told.ipv4_mapped:
        return str(told.ipv4_mapped)
    return str(IPv6Network((int(told), SUBNET), strict=False))


def _address() -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(request.remote_addr or "")
    except ValueError:
        return None


def _host() -> str:
    """Return the host that was asked for, without a port; nothing if it cannot be one.

    Where none was named, werkzeug would take that of the socket (RFC 9112, 3.2: to be refused).
    """
    if "Host" not in request.headers:
        return ""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except (ValueError, HTTPException):
        return ""


def _refuse_foreign_host() -> None:
    """Refuse a host that is not the platform's: caches and links would carry it on."""
    known: frozenset[str] = current_app.config["PLATFORM_HOSTS"]
    if request.endpoint in HEALTH:
        known |= THIS_MACHINE
    if _host() not in known:
        raise DomainError(_("The platform is not reached at this address."))


def _refuse_foreign_page() -> None:
    """Refuse a form that another website sends, whatever else it has got hold of."""
    if request.method in SAFE_METHODS:
        return
    scheme = "https" if current_app.config["BEHIND_TLS"] else "http"
    # A proxy may leave the port out of the host, but browsers name the whole address.
    ours = {current_app.config["PLATFORM_URL"], f"{scheme}://{request.host}"}
    came_from = request.headers.get("Origin")
    elsewhere = came_from is not None and came_from not in ours
    if elsewhere or request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        raise ForbiddenError(_("This was sent from another website, so nothing was changed."))


def init_app(app: Flask) -> None:
    """Believe as many proxies as are stated, and refuse what comes from elsewhere."""
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0, x_port=0, x_prefix=0
        )
    app.before_request(_refuse_foreign_host)
    app.before_request(_refuse_foreign_page)
