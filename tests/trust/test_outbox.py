"""Mail leaves once it is taken, is tried again when it is not, and says nothing of health."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from workflow import clock, home, links, outbox
from workflow.domain.clinic import Clinic, write_clinic
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.keys import Purpose
from workflow.models.clinic import ClinicSettings
from workflow.models.link import PatientLink, Way
from workflow.models.mail import OutgoingMail
from workflow.settings import Mail, Settings

START = clock.now()


class Server:
    """A mail server whose answers a test decides; what it took is kept."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith(("250", "drop")):
            self.taken.append(envelope.content)
            self.recipients += envelope.rcpt_tos
        return "421 going away" if answer == "drop" else answer


@pytest.fixture
def post_office() -> Iterator[tuple[Server, Mail]]:
    """A mail server on this machine."""
    handler = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, Mail(host="127.0.0.1", port=port, tls="none", sender="desk@clinic.example")
    controller.stop()


@pytest.fixture
def engine(app: Flask) -> Engine:
    """The engine of the app under test."""
    with app.app_context():
        return db.engine


@pytest.fixture
def key(settings: Settings) -> bytes:
    """The key that tokens are derived with."""
    return home.key(settings).derive(Purpose.LINK)


@pytest.fixture
def link(session: Session, settings: Settings, key: bytes) -> PatientLink:
    """A link to case C01's papers, waiting to be mailed."""
    clinic = Clinic(site="https://results.example.org", phone="212 555 0100")
    session.add(ClinicSettings(body=write_clinic(clinic), by_id=None, at=START))
    exam = factories.signed_scan(session, settings)
    by = factories.staff(session, Role.FRONT_DESK)
    link = links.make(session, exam.episode, Way.MAIL, key, by=by, at=START)
    outbox.post(session, link, "anna@example.org", "desk@clinic.example", START)
    session.commit()
    return link


def _send(engine: Engine, mail: Mail, key: bytes, at: datetime = START) -> int:
    return outbox.send_due(engine, mail, key, lambda: at)


def _row(session: Session) -> OutgoingMail:
    session.expire_all()
    row = session.scalars(select(OutgoingMail)).one()
    session.expunge(row)
    session.commit()
    return row


def test_a_link_is_mailed_once_and_says_nothing_of_health(
    engine: Engine,
    post_office: tuple[Server, Mail],
    key: bytes,
    link: PatientLink,
    session: Session,
) -> None:
    handler, mail = post_office
    assert _send(engine, mail, key) == 1
    assert _send(engine, mail, key) == 0
    assert handler.recipients == ["anna@example.org"]
    text = handler.taken[0].decode()
    assert f"https://results.example.org/result/{links.token_of(link.nonce, key)}" in text
    for word in ("Anna", "Case-One", "1974", "vein", "ultrasound", "leg", "reflux", "W10001"):
        assert word.lower() not in text.replace("anna@example.org", "").lower()
    assert _row(session).sent_at == START


def test_a_server_that_is_down_is_tried_again_ever_more_patiently(
    engine: Engine, key: bytes, link: PatientLink, session: Session
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = Mail(
            host="127.0.0.1", port=closed.getsockname()[1], tls="none", sender="d@c.example"
        )
    at, waits = START, []
    for _ in outbox.WAITS:
        assert _send(engine, nobody, key, at) == 0
        waits.append(_row(session).not_before - at)
        assert _send(engine, nobody, key, at) == 0
        at = _row(session).not_before
    assert waits == list(outbox.WAITS)
    assert "did not answer" in _row(session).last_error
    _send(engine, nobody, key, at)
    assert _row(session).given_up_at == at


@pytest.mark.parametrize(
    ("answer", "taken_later"), [("451 busy, later", 1), ("550 no such mailbox", 0)]
)
def test_a_refusal_is_tried_again_only_where_that_may_help(
    engine: Engine,
    post_office: tuple[Server, Mail],
    key: bytes,
    link: PatientLink,
    session: Session,
    answer: str,
    taken_later: int,
) -> None:
    handler, mail = post_office
    handler.answers = [answer]
    assert _send(engine, mail, key) == 0
    assert answer[:3] in _row(session).last_error
    assert _send(engine, mail, key, START + timedelta(days=1)) == taken_later
    assert (_row(session).given_up_at is None) is bool(taken_later)


def test_a_message_that_may_have_been_taken_keeps_its_number(
    engine: Engine, post_office: tuple[Server, Mail], key: bytes, link: PatientLink
) -> None:
    handler, mail = post_office
    handler.answers = ["drop"]
    _send(engine, mail, key)
    _send(engine, mail, key, START + timedelta(hours=1))
    numbers = {
        line
        for message in handler.taken
        for line in message.split(b"\r\n")
        if b"Message-ID" in line
    }
    assert len(handler.taken) == 2
    assert len(numbers) == 1


def test_a_link_that_has_ended_is_not_sent(
    engine: Engine,
    post_office: tuple[Server, Mail],
    key: bytes,
    link: PatientLink,
    session: Session,
) -> None:
    links.revoke(
        session, link, by=factories.staff(session, Role.FRONT_DESK), at=START + timedelta(minutes=1)
    )
    session.commit()
    handler, mail = post_office
    assert _send(engine, mail, key, START + timedelta(minutes=2)) == 0
    assert handler.taken == []
    assert _row(session).last_error == "Not sent: ended by the clinic."


def test_what_one_sender_holds_another_leaves_alone(
    engine: Engine, post_office: tuple[Server, Mail], key: bytes, link: PatientLink
) -> None:
    handler, mail = post_office
    assert outbox._lease(engine, START) is not None
    assert _send(engine, mail, key) == 0
    assert _send(engine, mail, key, START + outbox.LEASE + timedelta(seconds=1)) == 1
    assert len(handler.taken) == 1


def test_a_mailbox_that_hangs_does_not_hold_up_the_records(
    engine: Engine, key: bytes, link: PatientLink, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PATIENCE_S", 0.3)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        mail = Mail(host="127.0.0.1", port=deaf.getsockname()[1], tls="none", sender="d@c.example")
        assert _send(engine, mail, key) == 0
    assert "did not answer" in _row(session).last_error
