"""Decide what a person sees when a rule, or the server, says no."""

import errno

from flask import Flask, current_app, render_template
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from workflow import database
from workflow.access import wants_fragment
from workflow.domain.errors import Refused
from workflow.extensions import db

RETRY_AFTER_S = 10

NOT_SAVED = (
    "The clinic's records could not be reached in time, so nothing was saved. "
    "Your text is still in your browser: go back, wait a few seconds and send it again."
)
CHANGED = (
    "Someone else changed this after you opened it, so nothing was saved. "
    "Go back, copy what you typed, and open it again."
)
TAKEN = (
    "Someone else saved the same thing a moment ago, so yours was not saved. "
    "Go back and look at it again."
)
FORM_EXPIRED = (
    "This form was opened before you signed in, or too long ago, so it was not saved. "
    "Go back, copy what you typed, reload the page and send it again."
)

_TITLES = {
    400: "This request cannot be read",
    401: "Sign in again",
    403: "Not allowed",
    404: "Nothing here",
    405: "Not possible here",
    409: "Not saved",
    413: "Too large",
    415: "This kind of content is not accepted",
    422: "Something needs another look",
    500: "Something went wrong",
    503: "Please try again shortly",
}
_SENTENCES = {
    400: "The address or the form holds something that cannot be read. Nothing was saved.",
    401: "You are signed out. Sign in to go on.",
    403: "Your role does not allow this.",
    404: "The address is wrong, or what was here is no longer here.",
    405: "This address does not take what was sent. Nothing was saved.",
    413: "What was sent is larger than this page accepts. Nothing was saved.",
    415: "This page does not accept this kind of content. Nothing was saved.",
    422: "Something in the form is not understood. Nothing was saved.",
    500: "The program met something it did not expect. Nothing was saved. "
    "The time of it is in the log; tell whoever looks after the program.",
    503: NOT_SAVED,
}
_OF_WERKZEUG = frozenset({400, 401, 403, 404, 405, 413, 415, 422, 503})


def install(app: Flask) -> None:
    """Answer every refusal and failure of the app with a page that says what happened."""
    app.register_error_handler(Refused, lambda refusal: answer(409, str(refusal)))
    app.register_error_handler(CSRFError, lambda _: answer(400, FORM_EXPIRED))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, lambda _: answer(409, CHANGED))
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(DataError, lambda _: answer(400, _SENTENCES[400]))
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _unavailable)
    app.register_error_handler(database.Busy, _unavailable)
    app.register_error_handler(OSError, _operating_system)
    app.register_error_handler(Exception, _unexpected)


def answer(status: int, sentence: str) -> Response:
    """Return an error page with one sentence; as plain text where a script asked."""
    db.session.rollback()
    if wants_fragment():
        response = current_app.response_class(sentence, status, mimetype="text/plain")
    else:
        response = current_app.response_class(_page(status, sentence), status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _page(status: int, sentence: str) -> str:
    title = _TITLES.get(status, "This did not work")
    if request_ctx.url_adapter is None:
        return _bare(title, sentence)  # not a host name of ours: no page has an address here
    try:
        return render_template("errors/page.html", title=title, sentence=sentence, status=status)
    except Exception:
        # The page of last resort: the frame itself may be what failed.
        current_app.logger.exception("The error page could not be framed.")
        return _bare(title, sentence)


def _bare(title: str, sentence: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title></head>'
        f"<body><main><h1>{escape(title)}</h1><p>{escape(sentence)}</p></main></body></html>"
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    said = error.description or ""
    ours = status in _OF_WERKZEUG and said != type(error).description
    response = answer(status, said if ours else _SENTENCES.get(status, _SENTENCES[400]))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _conflict(error: IntegrityError) -> Response:
    current_app.logger.warning("A constraint refused a row: %s", type(error.orig).__name__)
    return answer(409, TAKEN)


def _unavailable(error: Exception) -> Response:
    current_app.logger.error("The database did not answer: %s", type(error).__name__)
    return answer(503, NOT_SAVED)


def _database(error: DBAPIError) -> Response:
    return _unavailable(error) if error.connection_invalidated else _unexpected(error)


def _operating_system(error: OSError) -> Response:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
    return _unavailable(error) if full else _unexpected(error)


def _unexpected(error: Exception) -> Response:
    if current_app.testing and not isinstance(error, DBAPIError):
        raise error
    # The traceback without the message: a value in it may be a patient's.
    current_app.logger.error("Unexpected %s", type(error).__name__, exc_info=error)
    return answer(500, _SENTENCES[500])
