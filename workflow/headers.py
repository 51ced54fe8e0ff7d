"""Decide what every answer tells the browser: what it may run, keep, and show it in."""

import hashlib
import time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import current_app, request
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

_POLICY = "Content-Security-Policy"
HEADERS = {
    _POLICY: (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; object-src 'none'; report-uri /csp"
    ),
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
    ),
    "X-Frame-Options": "DENY",
}


def protect(response: Response) -> Response:
    """Give an answer its headers; only a static file under its hash may be kept."""
    own = response.headers
    own.extend(HEADERS if _POLICY not in own else _but(own))
    if request.endpoint == "static" and response.status_code in (200, 304):
        fixed = request.args.get("v", "-") == _digest_of(request.view_args or {})
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if fixed else "no-cache"
        )
    else:
        response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Server", None)
    return response


def _but(own: Headers) -> dict[str, str]:
    return {name: value for name, value in HEADERS.items() if name not in own}


def _digest_of(arguments: dict[str, Any]) -> str:
    return _digest_in(current_app.static_folder or "", arguments.get("filename", ""))


def _digest_in(folder: str, name: str) -> str:
    path = Path(folder) / name
    return _digest(path, path.stat().st_mtime_ns) if path.is_file() else ""


@cache
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def static_url(name: str) -> str:
    """Return a static file's address with its content's hash, so that it may be kept for long."""
    return _static_url(current_app.static_folder or "", name, int(time.monotonic()))


@lru_cache(maxsize=1024)
def _static_url(folder: str, name: str, _second: int) -> str:
    """Look at a file once a second at most: a page names thirty of them."""
    return f"/static/{name}?v={_digest_in(folder, name)}"
