"""Decide who may open a page: every page is closed until it says who may."""

import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import BadRequest, Forbidden, Unauthorized, UnsupportedMediaType
from werkzeug.routing import BaseConverter, ValidationError
from werkzeug.wrappers import Response

from workflow import audit, clock, database, headers, links, sessions, tablets
from workflow.domain.staff import Permission, only
from workflow.extensions import csrf, db, login

LARGEST_ID = 2**31 - 1
ON_A_TABLET = frozenset({"csp", "clinic.picture"})
"""What a patient's tablet may also ask for: the clinic's own picture, and a browser's complaint."""
SAFE = ("GET", "HEAD", "OPTIONS")
UNREADABLE = "The request holds text that cannot be read. Nothing was saved."


View = TypeVar("View", bound=Callable[..., Any])


def permits(*needs: Permission) -> Callable[[View], View]:
    """Open a view to whoever holds any of these permissions."""
    if not needs:
        raise ValueError("Name at least one permission.")
    return _declared(needs)


def public(view: View) -> View:
    """Open a view to everyone, signed in or not."""
    return _declared(None)(view)


def staff_only(view: View) -> View:
    """Open a view to everyone who is signed in."""
    return _declared(())(view)


def for_tablet(view: View) -> View:
    """Open a view to the patient who holds the clinic's tablet, and to nobody else."""
    vars(view)["for_tablet"] = True
    return _declared(())(view)


def polling(view: View) -> View:
    """Mark a view that a page asks for by itself: it never keeps a sign-in alive."""
    vars(view)["polls"] = True
    return view


def takes_json(view: View) -> View:
    """Mark a view that reads JSON; every other one refuses it, and takes only a form's fields."""
    vars(view)["takes_json"] = True
    return view


def takes(largest: int) -> Callable[[View], View]:
    """Let a view be sent this many bytes: a picture is larger than a form."""

    def declare(view: View) -> View:
        vars(view)["takes"] = largest
        return view

    return declare


def _declared(needs: tuple[Permission, ...] | None) -> Callable[[View], View]:
    def declare(view: View) -> View:
        vars(view)["permits"] = needs
        return view

    return declare


def reads(patient_id: int | None, entity_type: str, entity_id: int | str) -> None:
    """Say that this view shows a record; one audit row is written before it is sent."""
    g.setdefault("reads", []).append((patient_id, entity_type, entity_id))


def denied(entity_type: str, entity_id: int | str, reason: str = "") -> None:
    """Write down that something was kept from the person who asked, in its own transaction."""
    db.session.rollback()
    by = _actor()
    with database.transaction(db.engine) as writing:
        audit.record(
            writing,
            f"{request.method} {request.endpoint or ''}".strip(),
            entity_type,
            entity_id,
            by=by,
            at=clock.now(),
            outcome="denied",
            reason=reason,
        )


def _actor() -> audit.Actor | None:
    who = sessions.person()
    return who.actor if who else links.PATIENT if sessions.tablet() else None


def not_yours(entity_type: str, entity_id: int | str) -> NoReturn:
    """Answer as if the thing did not exist, and write down that it was asked for."""
    denied(entity_type, entity_id, "not theirs")
    abort(404)


def wants_fragment() -> bool:
    """Say whether a script asked, which can follow no redirect to a sign-in page."""
    return (
        request.headers.get("X-Requested-With") == "fetch"
        or request.headers.get("Sec-Fetch-Mode") == "cors"
    )


def local(address: str, otherwise: str) -> str:
    """Return an address of this site to go to next, or the other one where it is not."""
    parts = urlsplit(address) if address.isprintable() and "\\" not in address else None
    if parts is None or parts.scheme or parts.netloc or not address.startswith("/"):
        return otherwise
    if address.startswith("//") or unquote_to_bytes(address).startswith((b"//", b"/\\")):
        return otherwise
    return address


class IdConverter(BaseConverter):
    """A row's number in an address: plain digits, no leading zero, not beyond what is stored."""

    regex = r"[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        """Read the number; one too large names nothing."""
        if not value.isascii() or int(value) > LARGEST_ID:
            raise ValidationError
        return int(value)

    def to_url(self, value: int) -> str:
        """Write the number."""
        return str(int(value))


def install(app: Flask) -> None:
    """Put this module's rules in front of every page of the app."""
    app.url_map.converters["id"] = IdConverter
    app.before_request(_begin)
    app.before_request(_refuse_what_no_browser_sends)
    app.before_request(_let_in)
    app.after_request(headers.protect)
    app.after_request(_log_reads)
    app.teardown_request(_end)
    app.add_template_global(headers.static_url)
    login.request_loader(sessions.identify)
    app.add_url_rule("/csp", "csp", csrf.exempt(csp), methods=["POST"])


@public
@takes_json
def csp() -> tuple[str, int]:
    """Note that a browser refused something on one of our pages; nothing it says is stored."""
    body = request.get_json(silent=True, force=True) if _is_short() else None
    report = body.get("csp-report", {}) if isinstance(body, dict) else {}
    directive = str(report.get("effective-directive", "")) if isinstance(report, dict) else ""
    if re.fullmatch(r"[a-z-]{1,40}", directive):
        current_app.logger.warning("A browser refused a page's content: %s", directive)
    return "", 204


def _is_short() -> bool:
    return 0 < (request.content_length or 0) <= 8192


def _begin() -> None:
    audit.origin.set(audit.Origin(None, request.remote_addr or ""))
    database.use(database.Mode.READING if request.method in SAFE else database.Mode.WRITING)
    view = current_app.view_functions.get(request.endpoint or "")
    if largest := getattr(view, "takes", 0):
        request.max_content_length = largest


def _end(_: BaseException | None) -> None:
    database.use(database.Mode.WRITING)
    audit.origin.set(audit.Origin())


def _refuse_what_no_browser_sends() -> None:
    if request.method not in SAFE:
        _refuse_what_no_form_sends()
    if request.query_string:
        _readable(request.query_string)
    kind = request.mimetype
    if kind == "application/x-www-form-urlencoded":
        _readable(request.get_data(cache=True, parse_form_data=False))
    elif kind == "multipart/form-data":
        for name, value in request.form.items(multi=True):
            if "\0" in name + value or "\ufffd" in name + value:
                raise BadRequest(UNREADABLE)


def _refuse_what_no_form_sends() -> None:
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("Another site sent this form. Nothing was saved.")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType("Compressed requests are not read here.")
    view = current_app.view_functions.get(request.endpoint or "")
    if request.is_json and not hasattr(view, "takes_json"):
        raise UnsupportedMediaType("This page takes a form. Nothing was saved.")


def _readable(encoded: bytes) -> None:
    decoded = unquote_to_bytes(encoded)
    try:
        decoded.decode()
    except UnicodeDecodeError:
        raise BadRequest(UNREADABLE) from None
    if b"\0" in decoded:
        raise BadRequest(UNREADABLE)


def _let_in() -> Response | None:
    endpoint = request.endpoint or ""
    view = current_app.view_functions.get(endpoint)
    if view is None or endpoint == "static":
        return None
    if hasattr(view, "for_tablet") or endpoint not in ON_A_TABLET:
        handed = sessions.tablet()
        if handed is not None or hasattr(view, "for_tablet"):
            return _let_patient_in(handed, theirs=hasattr(view, "for_tablet"))
    needs = getattr(view, "permits", ())
    if not hasattr(view, "permits"):
        raise Forbidden("This page does not say who may open it, so nobody may.")
    if needs is None:
        return None
    who = sessions.person()
    if who is None:
        return _ask_to_sign_in()
    audit.origin.set(audit.Origin(who.sign_in_id, request.remote_addr or ""))
    if needs and not any(who.may(need) for need in needs):
        denied("page", endpoint, f"{who.role}")
        raise Forbidden(only(needs[0]))
    return None


def _let_patient_in(handed: tablets.Handed | None, *, theirs: bool) -> Response | None:
    """Open a tablet's pages to the patient who holds it; every other page leads back to them."""
    if handed is not None and theirs:
        audit.origin.set(audit.Origin(handed.sign_in_id, request.remote_addr or ""))
        return None
    if handed is None and sessions.person() is None:
        return _ask_to_sign_in()
    denied("page", request.endpoint or "", "the patient's tablet")
    if handed is None:
        raise Forbidden("This page is the patient’s, on a tablet that was handed to them.")
    if request.method != "GET" or wants_fragment():
        raise Forbidden("This tablet is with a patient. Hand it back first.")
    return redirect(url_for("tablet.start"), 303)


def _ask_to_sign_in() -> Response:
    if wants_fragment():
        raise Unauthorized("You are signed out. Sign in again; what you typed is still here.")
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=back), 303)


def _log_reads(response: Response) -> Response:
    """Write what was read before it is sent; what cannot be written down is not shown."""
    read = g.pop("reads", None)
    if not read or response.status_code >= 400:
        return response
    by = _actor()
    try:
        db.session.rollback()
        audit.record_reads(db.engine, dict.fromkeys(read), by=by, at=clock.now())
    except (SQLAlchemyError, database.Busy, OSError):
        current_app.logger.exception("A reading could not be written down, so it was not shown.")
        return current_app.make_response(
            ("This cannot be shown now: the audit log cannot be written. Try again shortly.", 503)
        )
    return response
