"""Decide what mail is due, hand it to the mail server, and write down what came of it.

A row is added in the transaction of what it tells. Whoever sends leases it first, so that two
senders never send one message; a server that does not answer is tried again, ever more patiently,
for about a day. The text is made when it is sent: it names no patient and says nothing of health.
"""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.orm import Session

from workflow import audit, database
from workflow.links import ended, token_of
from workflow.models.clinic import clinic_in_force
from workflow.models.link import PatientLink
from workflow.models.mail import OutgoingMail
from workflow.settings import Mail

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480, 720))
LEASE = timedelta(minutes=2)
PATIENCE_S = 20.0
OUTBOX = audit.Actor(None, "outbox", "program")

_TEXT = {
    "en": (
        "A message from {clinic}",
        (
            "{clinic} has put a paper online for you.\n\n"
            "Open it here with your date of birth:\n\n{address}\n\n"
            "The link works until {until}, at most ten times. Please keep it to yourself.\n"
            "{call}"
        ),
        "Questions? Call {phone}.\n",
    ),
    "es": (
        "Un mensaje de {clinic}",
        (
            "{clinic} ha puesto un documento en línea para usted.\n\n"
            "Ábralo aquí con su fecha de nacimiento:\n\n{address}\n\n"
            "El enlace funciona hasta el {until}, diez veces como máximo. No lo comparta.\n"
            "{call}"
        ),
        "¿Preguntas? Llame al {phone}.\n",
    ),
}


class NotTaken(Exception):
    """The server did not take a message; `final` where trying again is of no use."""

    def __init__(self, why: str, *, final: bool) -> None:
        super().__init__(why)
        self.final = final


def post(session: Session, link: PatientLink, to_address: str, sender: str, at: datetime) -> None:
    """Add the mail that carries a link, in the transaction that makes the link."""
    session.add(
        OutgoingMail(
            link=link,
            message_id=make_msgid(domain=sender.rpartition("@")[2]),
            to_address=to_address,
            created_at=at,
            not_before=at,
            attempts=0,
            last_error="",
        )
    )


def send_due(engine: Engine, mail: Mail, key: bytes, now: Callable[[], datetime]) -> int:
    """Send what is due; returns how many messages the server took."""
    taken = 0
    for number in iter(lambda: _lease(engine, now()), None):
        letter = _letter(engine, number, mail, key, now())
        if letter is None:
            continue
        try:
            hand_over(mail, letter)
        except NotTaken as problem:
            _put_back(engine, number, str(problem), final=problem.final, at=now())
        else:
            _mark_sent(engine, number, now())
            taken += 1
    return taken


def hand_over(mail: Mail, message: EmailMessage) -> None:
    """Give one message to the mail server; raises NotTaken with what it said."""
    try:
        with _connect(mail) as server:
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, answered = next(iter(refused.recipients.values()))
        raise NotTaken(f"{code} {_plain(answered)}", final=code >= 500) from refused
    except smtplib.SMTPResponseException as answer:
        said = f"{answer.smtp_code} {_plain(answer.smtp_error)}"
        raise NotTaken(said, final=answer.smtp_code >= 500) from answer
    except (smtplib.SMTPException, OSError) as problem:
        raise NotTaken(f"The mail server did not answer: {problem}", final=False) from problem


def _connect(mail: Mail) -> smtplib.SMTP:
    if mail.tls == "tls":
        secure = ssl.create_default_context()
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=PATIENCE_S, context=secure)
    server = smtplib.SMTP(mail.host, mail.port, timeout=PATIENCE_S)
    if mail.tls == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _plain(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]


def _lease(engine: Engine, at: datetime) -> int | None:
    """Take the next message that is due, so that nobody else sends it meanwhile."""
    with database.transaction(engine) as writing:
        due = (
            select(OutgoingMail.id)
            .where(
                OutgoingMail.sent_at.is_(None),
                OutgoingMail.given_up_at.is_(None),
                OutgoingMail.not_before <= at,
                or_(OutgoingMail.leased_until.is_(None), OutgoingMail.leased_until < at),
            )
            .order_by(OutgoingMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        number = writing.scalar(due)
        if number is None:
            return None
        writing.execute(
            update(OutgoingMail)
            .where(OutgoingMail.id == number)
            .values(leased_until=at + LEASE, attempts=OutgoingMail.attempts + 1)
        )
        return number


def _letter(
    engine: Engine, number: int, mail: Mail, key: bytes, at: datetime
) -> EmailMessage | None:
    """Return the message to send, or None where its link has ended meanwhile."""
    with database.transaction(engine) as writing:
        row = writing.get_one(OutgoingMail, number)
        if (why := ended(row.link, at)) is not None:
            _give_up(writing, row, f"Not sent: {why.lower()}.", at)
            return None
        return compose(writing, row, mail, key, at)


def compose(
    session: Session, row: OutgoingMail, mail: Mail, key: bytes, at: datetime
) -> EmailMessage:
    """Write the message: a link, how long it works, and whom to call."""
    clinic = clinic_in_force(session)
    patient = row.link.episode.patient
    subject, text, call = _TEXT[patient.language]
    message = EmailMessage()
    message["From"] = formataddr((clinic.name, mail.sender))
    message["To"] = row.to_address
    message["Subject"] = subject.format(clinic=clinic.name)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = row.message_id
    message["Auto-Submitted"] = "auto-generated"
    token = token_of(row.link.nonce, key)
    message.set_content(
        text.format(
            clinic=clinic.name,
            address=f"{clinic.site.rstrip('/')}/result/{token}",
            until=f"{row.link.expires_at:%Y-%m-%d}",
            call=call.format(phone=clinic.phone) if clinic.phone else "",
        )
    )
    return message


def _mark_sent(engine: Engine, number: int, at: datetime) -> None:
    with database.transaction(engine) as writing:
        row = writing.get_one(OutgoingMail, number)
        row.sent_at, row.leased_until, row.last_error = at, None, ""
        _record(writing, row, "mail.sent", at)


def _put_back(engine: Engine, number: int, why: str, *, final: bool, at: datetime) -> None:
    with database.transaction(engine) as writing:
        row = writing.get_one(OutgoingMail, number)
        if final or row.attempts > len(WAITS):
            _give_up(writing, row, why, at)
            return
        row.leased_until, row.last_error = None, why
        row.not_before = at + WAITS[row.attempts - 1]


def _give_up(session: Session, row: OutgoingMail, why: str, at: datetime) -> None:
    row.given_up_at, row.leased_until, row.last_error = at, None, why
    _record(session, row, "mail.given up", at, outcome="error", reason=why)


def _record(
    session: Session,
    row: OutgoingMail,
    action: str,
    at: datetime,
    outcome: str = "ok",
    reason: str = "",
) -> None:
    audit.record(
        session,
        action,
        "link",
        row.link_id,
        by=OUTBOX,
        at=at,
        patient_id=row.link.episode.patient_id,
        outcome=outcome,
        reason=reason,
    )
