"""Decide how the app speaks to browsers: its cookies, its limits, the hosts it answers to."""

from typing import Any

from flask import Flask, current_app, request
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Request, Response

from workflow import database, extensions, home
from workflow.domain import jsontext
from workflow.domain.errors import Refused
from workflow.keys import Purpose
from workflow.settings import VERSION, Settings, Unusable

LARGEST_REQUEST = 1024 * 1024


class FormCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, for form tokens and messages only; who is signed in is not in it.

    It has no age: the sign-in limits it, and a clock that is set back must not void it.
    """

    _serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookie, made once: the app's key stays the same while it runs."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Read the cookie; a broken one is an empty one."""
        signer = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app), "")
        try:
            return SecureCookieSession(signer.loads(value) if signer and value else None)
        except BadSignature:
            return SecureCookieSession()


class StrictJson(DefaultJSONProvider):
    """JSON as requests may send it: bounded in depth, and nothing a lax reader would change."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Read a text; raises ValueError, which a request answers with 400."""
        try:
            return jsontext.loads(s if isinstance(s, str) else s.decode())
        except Refused as refusal:
            raise ValueError(str(refusal)) from refusal


def configure(app: Flask, settings: Settings) -> None:
    """Set everything Flask and its extensions read from the app's configuration."""
    key = home.key(settings)
    config: dict[str, Any] = {
        "SETTINGS": settings,
        "VERSION": VERSION,
        "TESTING": settings.testing,
        "READY": False,
        "SECRET_KEY": key.derive(Purpose.FORMS),
        "WTF_CSRF_SECRET_KEY": key.derive(Purpose.CSRF),
        # The sign-in limits a form's life; browsers send no Referer because of our own policy.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "SESSION_COOKIE_NAME": "__Host-form" if settings.behind_proxy else "form",
        "SESSION_COOKIE_SECURE": settings.behind_proxy,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_PATH": "/",
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST,
        "SQLALCHEMY_DATABASE_URI": _database_url(settings),
        "SQLALCHEMY_ENGINE_OPTIONS": database.options(settings.database_url),
    }
    app.config.update(config)
    app.session_interface = FormCookie()
    app.json = StrictJson(app)
    app.before_request(refuse_until_ready)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]


def refuse_until_ready() -> Response | None:
    """Answer nothing before this process has seen once that the installation may be served."""
    if current_app.config["READY"] or request.endpoint == "static":
        return None
    settings: Settings = current_app.config["SETTINGS"]
    try:
        with database.glance(extensions.db.engine) as session:
            home.check(session, settings)
    except Unusable as unusable:
        current_app.logger.critical("%s", unusable)
        return current_app.response_class(
            "The clinic is not ready. Whoever runs the program finds the reason in its log.",
            503,
            headers={"Retry-After": "60"},
            mimetype="text/plain",
        )
    current_app.config["READY"] = True
    return None


def sandboxed(content: bytes, kind: str, name: str) -> Response:
    """Answer with stored bytes that came from outside: a browser may show, never run them."""
    answer = current_app.response_class(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _database_url(settings: Settings) -> str:
    file = settings.database_file
    return settings.database_url if file is None else database.url_of(file)
