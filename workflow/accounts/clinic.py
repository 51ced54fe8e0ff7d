"""Let an administrator say what the clinic is called, where it is and how it works."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms.validators import ValidationError

from workflow import audit, clock, frame, sessions
from workflow.access import permits
from workflow.domain.clinic import Clinic, write_clinic
from workflow.domain.entry import clock_time
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import session
from workflow.forms import Clean, CleanForm, Line, Number, Paragraphs, Pick
from workflow.models.clinic import ClinicSettings
from workflow.models.staff import Staff

bp = Blueprint("clinic", __name__)

_SITE = re.compile(
    r"https://[a-z0-9.-]+(?::[0-9]{1,5})?|http://(?:127\.0\.0\.1|localhost):[0-9]{1,5}"
)


def zone_name(text: str) -> str:
    """Read the name of a time zone, such as America/New_York, or raise Refused."""
    try:
        return ZoneInfo(text.strip()).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("There is no such time zone. Type one such as America/New_York.") from None


def site_address(text: str) -> str:
    """Read the address people reach the clinic's pages by, without a path, or raise Refused."""
    read = text.strip().rstrip("/")
    if not _SITE.fullmatch(read):
        raise Refused("Type an address such as https://results.example.org, without a path.")
    return read


class ClinicForm(CleanForm):
    """Letterhead, zone, paper and working limits."""

    name = Line("Clinic", required="Type the clinic's name.", hint="On every page and paper.")
    physician = Line("Physician", required="Type the physician's name.")
    address = Paragraphs("Address", longest=200)
    phone = Line("Phone", longest=40, hint="Patients are told to call this number.")
    site = Clean(
        "Address on the web",
        site_address,
        hint="Where patients open their papers, such as https://results.example.org.",
    )
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

    def clinic(self) -> Clinic:
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
        )


@bp.route("/settings", methods=["GET", "POST"])
@permits(Permission.MANAGE_SETTINGS)
def settings() -> ResponseReturnValue:
    """Show the settings in force, and store a new version of them."""
    now = frame.clinic()
    form = ClinicForm(data={**write_clinic(now), "rooms": "\n".join(now.rooms)})
    if form.validate_on_submit():
        save(session(), form.clinic(), by=sessions.signed_in(), at=clock.now())
        session().commit()
        flash("The settings are saved. Papers issued from now on carry them.", "done")
        return redirect(url_for(".settings"), 303)
    return render_template("accounts/clinic.html", form=form), 422 if form.errors else 200


def save(session: Session, clinic: Clinic, *, by: Staff, at: datetime) -> None:
    """Store a new version of the settings; earlier ones stay."""
    version = ClinicSettings(body=write_clinic(clinic), by_id=by.id, at=at)
    session.add(version)
    session.flush()
    audit.record(
        session, "settings.save", "settings", version.id, by=by, at=at, detail=version.body
    )
