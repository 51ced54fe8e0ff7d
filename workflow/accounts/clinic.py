"""Let an administrator say what the clinic is called, where it is and how it works."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, FileField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from workflow import audit, clock, files, frame, sessions
from workflow.access import permits, public
from workflow.accounts import logo
from workflow.domain.clinic import Clinic, read_holidays, write_clinic
from workflow.domain.entry import clock_time
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import session
from workflow.forms import Clean, CleanForm, Line, Number, Paragraphs, Pick
from workflow.models.clinic import ClinicSettings
from workflow.models.installation import Installation
from workflow.models.staff import Staff

bp = Blueprint("clinic", __name__)

CHANGED = "Someone else saved the settings after you opened them. Look at them again."
_SITE = re.compile(
    r"https://[a-z0-9.-]+(?::[0-9]{1,5})?|http://(?:127\.0\.0\.1|localhost):[0-9]{1,5}"
)


def zone_name(text: str) -> str:
    """Read the name of a time zone, such as America/New_York, or raise Refused."""
    try:
        return ZoneInfo(text.strip()).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("There is no such time zone. Type one such as America/New_York.") from None


class Holidays(Clean, TextAreaField):
    """Days on which the clinic is closed, one a line."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, read_holidays, **kwargs)


def site_address(text: str) -> str:
    """Read the address people reach the clinic's pages by, without a path, or raise Refused."""
    read = text.strip().rstrip("/")
    if not _SITE.fullmatch(read):
        raise Refused("Type an address such as https://results.example.org, without a path.")
    return read


class ClinicForm(CleanForm):
    """Letterhead, zone, paper and working limits."""

    seen = HiddenField()
    name = Line("Clinic", required="Type the clinic's name.", hint="On every page and paper.")
    physician = Line("Physician", required="Type the physician's name.")
    address = Paragraphs("Address", longest=200)
    phone = Line("Phone", longest=40, hint="Patients are told to call this number.")
    site = Clean(
        "Address on the web",
        site_address,
        hint="Where patients open their papers, such as https://results.example.org.",
    )
    picture = FileField(
        "Logo",
        description="PNG or JPEG, up to 512 KiB. It stands on the sign-in page and on every paper.",
    )
    without_picture = BooleanField("Remove the logo")
    zone = Clean("Time zone", zone_name, required="Type the clinic's time zone.")
    paper = Pick("Paper", [("letter", "US Letter"), ("a4", "A4")], required="Choose the paper.")
    rooms = Paragraphs("Rooms", longest=300, required="Type at least one room.", hint="One a line.")
    opens = Clean(
        "First appointment", clock_time, required="Type a time.", hint="24-hour, such as 08:00."
    )
    closes = Clean("Last appointment ends", clock_time, required="Type a time.")
    slot_minutes = Number(
        "Length of a scan", low="10", high="240", unit="min", required="Type minutes."
    )
    holidays = Holidays(
        "Days closed", hint="One a line, with its name: 25 Dec 2026 Christmas. Not counted as wait."
    )
    interpret_days = Number(
        "A scan is read within", low="1", high="30", unit="working days", required="Type days."
    )
    final_days = Number(
        "A report is signed within", low="1", high="30", unit="working days", required="Type days."
    )

    second_contact = Line(
        "Second contact",
        hint="Who hears of a critical finding when the physician does not answer. "
        "Leave it empty where there is one physician.",
    )
    second_minutes = Number(
        "Second contact after",
        low="1",
        high="240",
        unit="min",
        required="Type minutes.",
    )
    practice_lead = Line("Practice lead", required="Type who is told last.")
    lead_minutes = Number(
        "Practice lead after", low="2", high="240", unit="min", required="Type minutes."
    )

    def validate_lead_minutes(self, field: Number) -> None:
        """Refuse a practice lead who would be told before the second contact."""
        second = self.second_minutes.value
        if None not in {field.value, second} and field.value <= second:
            raise ValidationError("The practice lead is told after the second contact.")

    def clinic(self, picture: str) -> Clinic:
        """Return the settings as typed; call it after the form has been found valid."""
        return Clinic(
            name=self.name.value,
            physician=self.physician.value,
            address=self.address.value or "",
            phone=self.phone.value or "",
            site=self.site.value or "",
            zone=self.zone.value,
            paper=self.paper.value or "letter",
            rooms=tuple(filter(None, (room.strip() for room in self.rooms.value.split("\n")))),
            opens=self.opens.value,
            closes=self.closes.value,
            slot_minutes=int(self.slot_minutes.value),
            interpret_days=int(self.interpret_days.value),
            final_days=int(self.final_days.value),
            second_contact=self.second_contact.value or "",
            second_minutes=int(self.second_minutes.value),
            practice_lead=self.practice_lead.value,
            lead_minutes=int(self.lead_minutes.value),
            holidays=self.holidays.value or (),
            logo=picture,
        )


@bp.route("/settings", methods=["GET", "POST"])
@permits(Permission.MANAGE_SETTINGS)
def settings() -> ResponseReturnValue:
    """Show the settings in force, and store a new version of them."""
    form = ClinicForm(data=_shown(frame.clinic()))
    if not form.validate_on_submit():
        return _page(form, 422 if form.errors else 200)
    try:
        picture = _picture(form)
    except Refused as refusal:
        form.picture.errors = [str(refusal)]
        return _page(form, 422)
    if not _is_newest(form.seen.data or ""):
        form.form_errors.append(CHANGED)
        return _page(form, 409)
    save(session(), form.clinic(picture), by=sessions.signed_in(), at=clock.now())
    session().commit()
    flash("The settings are saved. Papers issued from now on carry them.", "done")
    return redirect(url_for(".settings"), 303)


def _shown(now: Clinic) -> dict[str, Any]:
    closed = "\n".join(
        f"{each.day.day} {each.day:%b %Y} {each.name}".rstrip() for each in now.holidays
    )
    return {**write_clinic(now), "rooms": "\n".join(now.rooms), "holidays": closed, "seen": _seen()}


def _page(form: ClinicForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/clinic.html", form=form, logo=frame.clinic().logo), status


def _seen() -> str:
    return str(session().scalar(select(func.max(ClinicSettings.id))) or 0)


def _is_newest(seen: str) -> bool:
    """Say whether no version was saved since; of two who save at once one waits here."""
    session().get(Installation, 1, with_for_update=True)
    return bool(re.fullmatch(r"[0-9]{1,9}", seen)) and seen == _seen()


def _picture(form: ClinicForm) -> str:
    """Return the digest of the logo to keep: the one sent, none, or the one there is."""
    sent = request.files.get(form.picture.name)
    if sent is not None and sent.filename:
        content = sent.stream.read(logo.LARGEST_FILE + 1)
        return files.put(current_app.config["SETTINGS"].files, logo.redrawn(content))
    return "" if form.without_picture.data else frame.clinic().logo


def save(session: Session, clinic: Clinic, *, by: Staff, at: datetime) -> None:
    """Store a new version of the settings; earlier ones stay."""
    version = ClinicSettings(body=write_clinic(clinic), by_id=by.id, at=at)
    session.add(version)
    session.flush()
    audit.record(
        session, "settings.save", "settings", version.id, by=by, at=at, detail=version.body
    )


@bp.get("/logo")
@public
def picture() -> ResponseReturnValue:
    """Send the clinic's logo, as it was drawn anew when it was taken."""
    if not frame.clinic().logo:
        raise NotFound
    try:
        content = files.get(current_app.config["SETTINGS"].files, frame.clinic().logo)
    except files.Damaged:
        raise NotFound from None
    return current_app.response_class(content, mimetype="image/png")
