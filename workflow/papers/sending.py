"""Answer whoever gives a patient the way to their papers: a mailed link, a printed one, its end."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.when import day
from workflow import access, clock, frame, home, links, outbox
from workflow.access import permits
from workflow.domain.errors import Refused
from workflow.domain.staff import Permission
from workflow.extensions import db, session
from workflow.keys import Purpose
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.link import Outcome, PatientLink, Way
from workflow.models.mail import OutgoingMail
from workflow.models.patient import Episode
from workflow.sessions import signed_in
from workflow.settings import Settings
from workflow.standing import still_counts

bp = Blueprint("sending", __name__)

SLIP = {
    "en": (
        (
            "Your papers are online. Point your phone's camera at this code, or type the address. "
            "Then type your date of birth."
        ),
        "It works until {day}, at most ten times. Keep it to yourself.",
    ),
    "es": (
        (
            "Sus documentos están en línea. Apunte la cámara de su teléfono a este código, o "
            "escriba la dirección. Después escriba su fecha de nacimiento."
        ),
        "Funciona hasta el {day}, diez veces como máximo. No lo comparta.",
    ),
}
"""What the printed slip says, in the patient's language."""


def why_not(episode: Episode, way: Way, settings: Settings) -> str | None:
    """Say why a link of this kind cannot be given now, or None where it can."""
    issued = select(IssuedDocument.id).where(IssuedDocument.episode_id == episode.id).limit(1)
    if session().scalar(issued) is None:
        return "There is no paper yet: the report is issued when the physician signs the scan."
    if session().scalar(issued.join(Exam).where(still_counts())) is None:
        return "The scan was declared void: nothing is given to the patient until a report stands."
    if not frame.clinic().site:
        return "The clinic's address on the web is not set: an administrator adds it in Settings."
    if way is Way.MAIL and settings.mail is None:
        return "No mail server is set up: print the link instead."
    if way is Way.MAIL and not episode.patient.email:
        return "The patient has no e-mail address on record: add it, or print the link."
    return None


@bp.post("/episodes/<id:episode_id>/links")
@permits(Permission.SEND_PAPERS)
def send(episode_id: int) -> ResponseReturnValue:
    """Give the patient a link, by mail or on paper."""
    episode, at = db.get_or_404(Episode, episode_id), clock.now()
    way = Way.PRINTED if request.form.get("way") == Way.PRINTED else Way.MAIL
    settings: Settings = current_app.config["SETTINGS"]
    if (why := why_not(episode, way, settings)) is not None:
        raise Refused(why)
    link = links.make(session(), episode, way, link_key(), by=signed_in(), at=at)
    if way is Way.MAIL and settings.mail is not None:
        outbox.post(session(), link, episode.patient.email, settings.mail.sender, at)
    db.session.commit()
    if way is Way.PRINTED:
        return redirect(url_for(".slip", link_id=link.id), 303)
    flash("The link is on its way by e-mail. This page says when it was sent and opened.", "done")
    return redirect(url_for("papers.episode", episode_id=episode.id), 303)


@bp.get("/links/<id:link_id>")
@permits(Permission.SEND_PAPERS)
def slip(link_id: int) -> ResponseReturnValue:
    """Show a link as a slip to print: the address, its code, and how long it works."""
    link = db.get_or_404(PatientLink, link_id)
    access.reads(link.episode.patient_id, "link", link.id)
    until = day(link.expires_at.astimezone(ZoneInfo(frame.clinic().zone)).date(), _language(link))
    lead, lasts = SLIP[_language(link)]
    address = f"{frame.clinic().site.rstrip('/')}/result/{links.token_of(link.nonce, link_key())}"
    return render_template(
        "papers/slip.html",
        link=link,
        ended=links.ended(link, clock.now()),
        address=address,
        lead=lead,
        until=lasts.replace("{day}", until),
        code=Markup(segno.make(address, error="m").svg_inline(scale=5, border=2, omitsize=True)),  # noqa: S704 - drawn by segno
        person=frame.person_of(link.episode.patient),
    )


@bp.post("/links/<id:link_id>/end")
@permits(Permission.SEND_PAPERS)
def end(link_id: int) -> ResponseReturnValue:
    """End a link before its time."""
    link = db.get_or_404(PatientLink, link_id)
    links.revoke(session(), link, by=signed_in(), at=clock.now())
    db.session.commit()
    flash("The link opens nothing any more.", "done")
    return redirect(url_for("papers.episode", episode_id=link.episode_id), 303)


def _language(link: PatientLink) -> str:
    return link.episode.patient.language


def link_key() -> bytes:
    """Return the key that links' tokens are derived with."""
    return home.key(current_app.config["SETTINGS"]).derive(Purpose.LINK)


def given(reading: Session, episode_id: int, at: datetime) -> list[dict[str, Any]]:
    """Return the links of an episode as the papers page lists them, the newest first."""
    rows = reading.execute(
        select(PatientLink, OutgoingMail)
        .outerjoin(OutgoingMail, OutgoingMail.link_id == PatientLink.id)
        .where(PatientLink.episode_id == episode_id)
        .order_by(PatientLink.id.desc())
    )
    return [
        {
            "link": link,
            "mail": mail,
            "ended": links.ended(link, at),
            "locked": link.wrong_dates >= links.MOST_WRONG_DATES,
            "opened": [each.at for each in link.tries if each.outcome is Outcome.OPENED],
        }
        for link, mail in rows
    ]
