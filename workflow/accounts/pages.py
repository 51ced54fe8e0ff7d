"""Show a page of accounts: with what was typed, with a refusal, or in a sign-in begun anew."""

from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from workflow import sessions
from workflow.accounts import actions
from workflow.accounts.forms import ConfirmedForm
from workflow.domain.errors import Refused
from workflow.extensions import db
from workflow.forms import CleanForm


def page(name: str, form: CleanForm, status: int = 0, **values: Any) -> ResponseReturnValue:
    """Return the page with its form; 422 where what was sent cannot be taken."""
    status = status or (422 if form.is_submitted() else 200)
    values["fresh"] = sessions.is_fresh()
    return render_template(f"accounts/{name}.html", form=form, **values), status


def refused(name: str, form: CleanForm, refusal: Refused, **values: Any) -> ResponseReturnValue:
    """Show the page again with the sentence; what was typed stays."""
    db.session.rollback()
    form.form_errors.append(str(refusal))
    return page(name, form, 409 if isinstance(refusal, actions.Stale) else 422, **values)


def begin_anew(staff_id: int, address: str, said: str) -> Response:
    """Lead on with a new sign-in; everything that was to be saved has been."""
    db.session.rollback()
    response = redirect(address, 303)
    sessions.sign_in(staff_id, response)
    flash(said, "done")
    return response


def confirm_unless_fresh(form: ConfirmedForm) -> None:
    """Make sure of who is there before others' access is touched: a password five minutes old.

    Raises Refused. The page shows the field `confirmation` where it is needed.
    """
    if not sessions.is_fresh():
        sessions.reauthenticate(form.confirmation.data or "")
