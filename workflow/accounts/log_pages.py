"""Show the audit log to an administrator, who is written down in it for looking."""

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, select
from werkzeug.datastructures import MultiDict

from workflow import access, audit, clock, database, frame, home, sessions
from workflow.access import permits
from workflow.accounts import log
from workflow.accounts.forms import ConfirmedForm
from workflow.accounts.pages import confirm_unless_fresh
from workflow.domain import csvtext, entry
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.forms import Clean, Line, Pick
from workflow.models.staff import Staff

bp = Blueprint("log", __name__)

_FILTERS = ("who", "record", "did", "outcome", "since", "until")
_OUTCOMES = [("", "Any outcome"), ("ok", "Done"), ("denied", "Refused"), ("error", "Failed")]
_NOBODY = "0"


class LogForm(ConfirmedForm):
    """What to look for in the log."""

    who = Pick("Who", [])
    record = Line("Patient record", longest=40)
    did = Pick("Did what", [])
    outcome = Pick("Outcome", _OUTCOMES)
    since = Clean("From", entry.one_day, hint="Such as 12 Mar 2026.")
    until = Clean("To", entry.one_day, hint="That day included.")

    def offer(self) -> None:
        """Offer who works or worked here, and what was ever done."""
        people = session().execute(select(Staff.id, Staff.name).order_by(Staff.name))
        named = [(str(staff_id), name) for staff_id, name in people]
        self.who.offer([("", "Anyone"), *named, (_NOBODY, "Not signed in")])
        said = [(action, action.replace(".", " ")) for action in log.actions(session())]
        self.did.offer([("", "Anything"), *said])

    def asked(self) -> log.Asked:
        """Return what is asked, once the form was found valid; raises Refused."""
        record, zone = self.record.value, ZoneInfo(frame.clinic().zone)
        since, until = self.since.value, self.until.value
        return log.Asked(
            actor_id=int(self.who.value) if self.who.value else None,
            patient_id=log.patient_id_of(session(), record) if record else None,
            action=self.did.value or "",
            outcome=self.outcome.value or "",
            since=datetime.combine(since, time(), zone) if since else None,
            until=datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
        )


def _form(typed: MultiDict[str, str]) -> tuple[LogForm, log.Asked | None]:
    """Return the form as typed, and what it asks; None where that cannot be understood."""
    form = LogForm(formdata=typed, meta={"csrf": False})
    form.offer()
    if not form.validate():
        return form, None
    try:
        return form, form.asked()
    except Refused as refusal:
        form.record.errors = [str(refusal)]
        return form, None


@bp.get("/audit")
@permits(Permission.READ_AUDIT)
def show() -> ResponseReturnValue:
    """Show a page of the log."""
    form, asked = _form(request.args)
    return _page(form, asked, 200 if asked else 422)


def _page(
    form: LogForm, asked: log.Asked | None, status: int, refusal: str = ""
) -> ResponseReturnValue:
    before, after = _number("before"), _number("after")
    found = log.read(session(), asked or log.Asked(), before=before, after=after)
    rows = found.rows if asked else []
    if rows:
        access.reads(
            asked.patient_id if asked else None, "audit log", f"{rows[-1].seq}-{rows[0].seq}"
        )
    return render_template(
        "accounts/log.html",
        form=form,
        rows=rows,
        details=log.details(session(), rows),
        names={str(choice.value): choice.label for choice in form.who.choices},
        said=_said,
        records=log.record_numbers(session(), rows),
        newer=_turned(after=rows[0].seq) if rows and found.newer else "",
        older=_turned(before=rows[-1].seq) if rows and found.older else "",
        filtered=bool(_kept()),
        kept=_kept(),
        verified=log.last_verification(session()),
        fresh=sessions.is_fresh(),
        refusal=refusal,
    ), status


def _said(detail: object) -> str:
    """Write what changed so that it can be read: one value a line."""
    return json.dumps(detail, indent=2, ensure_ascii=False)


def _kept() -> dict[str, Any]:
    """Return the filters in use, as they were typed."""
    typed = request.args if request.method == "GET" else request.form
    return {name: typed[name] for name in _FILTERS if typed.get(name)}


def _turned(**to: Any) -> str:
    return url_for(".show", **_kept(), **to)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    known = text.isascii() and text.isdigit() and len(text) < 16
    return int(text) if known else None


@bp.post("/audit/export")
@permits(Permission.READ_AUDIT)
def export() -> ResponseReturnValue:
    """Send the lines asked for as CSV, with the columns of the chain."""
    form, asked = _form(request.form)
    if asked is None:
        return _page(form, asked, 422)
    try:
        confirm_unless_fresh(form)
        count = log.size(session(), asked)
    except Refused as refusal:
        db.session.rollback()
        return _page(form, asked, 422, str(refusal))
    _note("export", outcome="ok", reason=f"{count:,} lines", detail=_kept())
    name = f"audit-{clock.now():%Y-%m-%d}.csv"
    answer = Response(_csv(db.engine, asked), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(engine: Engine, asked: log.Asked) -> Iterator[str]:
    """Yield the file while it is read; the request is over by then, and holds nothing."""
    with database.glance(engine) as reading:
        yield from csvtext.lines(log.COLUMNS, log.exported(reading, asked))


@bp.post("/audit/verify")
@permits(Permission.READ_AUDIT)
def verify() -> ResponseReturnValue:
    """Read the whole log, and write down in it what was found."""
    key = home.audit_key(current_app.config["SETTINGS"])
    with database.glance(db.engine) as reading:
        found = audit.verify(reading, key)
    if found.breaks:
        said = f"{len(found.breaks):,} of {found.rows:,} lines do not hold"
        _note("verify", outcome="error", reason=said, detail={"breaks": list(found.breaks[:100])})
    else:
        _note("verify", outcome="ok", reason=f"all {found.rows:,} lines hold", detail=None)
    flash("The whole log was read.", "note")
    return redirect(url_for(".show"), 303)


def _note(action: str, *, outcome: str, reason: str, detail: dict[str, Any] | None) -> None:
    """Write down what is done with the log, in a transaction of its own."""
    who = sessions.person()
    db.session.rollback()
    with database.transaction(db.engine) as writing:
        audit.record(
            writing,
            action,
            "audit log",
            None,
            by=who.actor if who else None,
            at=clock.now(),
            outcome=outcome,
            reason=reason,
            detail=detail,
        )
