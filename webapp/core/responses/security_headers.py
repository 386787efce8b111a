"""The headers that every answer carries, errors and static files included."""

from flask import Flask, Response, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from webapp.core.responses import static_files


def _headers(behind_tls: bool) -> Secure:
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'", "data:")
        .font_src("'self'")
        .connect_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    return Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(63_072_000).include_subdomains()
        if behind_tls
        else None,
        permissions=PermissionsPolicy().geolocation().camera().microphone(),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    )


def headers_of(app: Flask) -> dict[str, str]:
    """Return the headers for an answer that somebody else gives in the place of `app`."""
    return {**_headers(app.config["BEHIND_TLS"]).headers, "Cache-Control": "no-store"}


def init_app(app: Flask) -> None:
    """Put the headers on every answer of `app`."""
    headers = _headers(app.config["BEHIND_TLS"])

    @app.after_request
    def _harden(response: Response) -> Response:
        headers.set_headers(response)
        # Files say themselves how long they may be kept.
        if request.endpoint not in static_files.ENDPOINTS or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        return response
