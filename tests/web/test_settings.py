"""The clinic's settings: letterhead, logo, days closed, referrers."""

import io
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow.accounts import logo
from workflow.domain.clinic import Clinic, Holiday, read_clinic, read_holidays, write_clinic
from workflow.domain.documents import scan_report
from workflow.domain.errors import Refused
from workflow.domain.pathway import working_days
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.clinic import ClinicSettings, clinic_in_force
from workflow.models.document import IssuedDocument
from workflow.models.referrer import Referrer
from workflow.settings import Settings

SETTINGS = "/settings"


@pytest.fixture
def admin(signed_in: Callable[[Role], Browser]) -> Browser:
    return signed_in(Role.ADMINISTRATOR)


def png(width: int = 40, height: int = 20, **text: str) -> bytes:
    """Return a picture with words hidden in it."""
    info = PngImagePlugin.PngInfo()
    for key, value in text.items():
        info.add_text(key, value)
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#0b6b6b").save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def save(admin: Browser, picture: bytes | None = None, **values: str) -> Page | int:
    """Save the settings; return the status, or the page where they are refused."""
    form = admin.page(SETTINGS).form(SETTINGS)
    data = {**form.values, **values}
    if picture is not None:
        data["picture"] = (io.BytesIO(picture), "logo.png")
    response = admin.post(SETTINGS, data=data, content_type="multipart/form-data")
    return int(response.status_code) if response.status_code == 303 else Page(response)


def test_settings_that_nobody_changed_are_saved_as_they_were(
    admin: Browser, session: Session
) -> None:
    assert save(admin) == 303
    assert clinic_in_force(session) == Clinic()


def test_a_version_that_somebody_else_saved_meanwhile_is_not_written_over(
    admin: Browser, session: Session
) -> None:
    form = admin.page(SETTINGS).form(SETTINGS)
    assert save(admin, phone="212 555 0100") == 303
    response = admin.send(form, phone="212 555 0199", address="1 Example Street")
    assert response.status_code == 409
    assert Page(response).form(SETTINGS).values["address"] == "1 Example Street"
    assert clinic_in_force(session).phone == "212 555 0100"
    assert session.scalar(select(func.count(ClinicSettings.id))) == 1


def test_a_logo_is_drawn_anew_and_stands_at_the_door(
    admin: Browser, client: Browser, session: Session
) -> None:
    assert client.get("/logo").status_code == 404
    hidden = png(2000, 900, Comment="<script>x</script>")
    assert save(admin, hidden + b"<?php ?>") == 303
    sent = client.get("/logo")
    assert sent.mimetype == "image/png"
    assert b"script" not in sent.data
    assert b"php" not in sent.data
    assert Image.open(io.BytesIO(sent.data)).size == (533, 240)
    assert 'src="/logo"' in client.page("/sign-in").html
    assert save(admin, phone="212 555 0100") == 303
    assert client.get("/logo").status_code == 200
    assert save(admin, without_picture="y") == 303
    assert client.get("/logo").status_code == 404


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _bomb(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1024 * 1024))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body)


def _jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 20)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<!doctype html><script>1</script>",
        png()[:60],
        png(400, 300)[:60] + bytes(40) + png(400, 300)[100:],
        _bomb(20_000, 20_000),
        _bomb(1000, 1900),
        _bomb(0, 0),
        b"\x89PNG\r\n\x1a\n" + bytes(400),
    ],
    ids=[
        "empty",
        "exe",
        "svg",
        "html",
        "cut",
        "damaged",
        "huge",
        "short",
        "none",
        "nul",
    ],
)
def test_what_is_no_picture_is_refused_and_what_was_typed_stays(
    admin: Browser, session: Session, content: bytes
) -> None:
    page = save(admin, content, phone="212 555 0177")
    assert isinstance(page, Page)
    assert page.status == 422
    assert page.errors
    assert page.form(SETTINGS).values["phone"] == "212 555 0177"
    assert clinic_in_force(session).logo == ""


def test_a_picture_of_very_many_pixels_is_refused_by_its_head() -> None:
    with pytest.raises(Refused, match="more than 40 million pixels"):
        logo.redrawn(_bomb(20_000, 20_000))


def test_a_logo_is_kept_as_a_png_on_white_whatever_it_came_as() -> None:
    assert Image.open(io.BytesIO(logo.redrawn(_jpeg()))).format == "PNG"
    see_through = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(see_through, "PNG")
    kept = Image.open(io.BytesIO(logo.redrawn(see_through.getvalue())))
    assert (kept.mode, kept.getpixel((5, 5))) == ("RGB", (255, 255, 255))
    assert logo.redrawn(_jpeg()) == logo.redrawn(_jpeg())


def _logos(pdf: bytes) -> list[int]:
    """Return how many pictures each page of a PDF shows."""
    return [len(page.images) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_signed_paper_keeps_the_logo_it_was_signed_with(
    admin: Browser, signed_in: Callable[[Role], Browser], session: Session, settings: Settings
) -> None:
    assert save(admin, png(400, 120)) == 303
    first = clinic_in_force(session).logo
    exam = factories.signed_scan(session, settings)
    physician = signed_in(Role.PHYSICIAN)
    papers = session.scalars(select(IssuedDocument).order_by(IssuedDocument.id)).all()
    shown = {paper.id: physician.get(f"/documents/{paper.id}.pdf").data for paper in papers}
    assert len(shown) == 2
    for pdf in shown.values():
        assert _logos(pdf)[0] == 1
        assert not any(_logos(pdf)[1:])
    assert scan_report(papers[0].snapshot).letterhead.logo == first
    assert save(admin, without_picture="y") == 303
    for number, pdf in shown.items():
        assert physician.get(f"/documents/{number}.pdf").data == pdf
    unsigned = factories.scan_being_read(session, "C03")
    preview = physician.get(f"/exams/{unsigned.id}/preview-scan.pdf").data
    assert not any(_logos(preview))
    assert exam.id != unsigned.id


def test_the_logo_stands_on_the_worksheet(
    admin: Browser, signed_in: Callable[[Role], Browser]
) -> None:
    desk = signed_in(Role.FRONT_DESK)
    assert _logos(desk.get("/worksheet.pdf").data) == [0]
    assert save(admin, png(400, 120)) == 303
    assert _logos(desk.get("/worksheet.pdf").data) == [1]


def test_a_damaged_logo_is_told_before_a_paper_is_drawn(
    admin: Browser, signed_in: Callable[[Role], Browser], session: Session, settings: Settings
) -> None:
    assert save(admin, png(400, 120)) == 303
    kept = clinic_in_force(session).logo
    (stored,) = settings.files.glob(f"*/{kept}*")
    stored.chmod(0o600)
    stored.write_bytes(b"x")
    answer = signed_in(Role.FRONT_DESK).get("/worksheet.pdf")
    assert answer.status_code >= 400
    assert "The stored bytes of the clinic's logo are damaged." in unescape(answer.text)


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(Refused, match="larger than 512 KiB"):
        logo.redrawn(png() + bytes(logo.LARGEST_FILE))


def test_days_closed_are_read_kept_and_shown_in_order(admin: Browser, session: Session) -> None:
    typed = "25 Dec 2026 Christmas\n2026-07-03\n1 1 2027 New Year's Day"
    assert save(admin, holidays=typed) == 303
    assert clinic_in_force(session).holidays == (
        Holiday(date(2026, 7, 3)),
        Holiday(date(2026, 12, 25), "Christmas"),
        Holiday(date(2027, 1, 1), "New Year's Day"),
    )
    shown = admin.page(SETTINGS).form(SETTINGS).values["holidays"]
    assert shown == "3 Jul 2026\n25 Dec 2026 Christmas\n1 Jan 2027 New Year's Day"
    assert save(admin) == 303


@pytest.mark.parametrize(
    "typed",
    ["Christmas", "31 Feb 2026", "25 Dec", "1 1 2027\n2027-01-01 twice", "25 Dec 2026 a\u202eb"],
)
def test_a_day_that_cannot_be_read_is_named(admin: Browser, typed: str) -> None:
    page = save(admin, holidays=typed)
    assert isinstance(page, Page)
    assert page.status == 422
    assert any("“" in sentence for sentence in page.errors)
    assert page.form(SETTINGS).values["holidays"] == typed


def test_more_days_than_can_be_kept_are_refused() -> None:
    with pytest.raises(Refused, match="At most"):
        read_holidays("\n".join(f"2026-{m:02}-{d:02}" for m in range(1, 13) for d in range(1, 29)))


def test_settings_come_back_as_they_were_stored() -> None:
    clinic = Clinic(holidays=(Holiday(date(2026, 12, 25), "Christmas"),), logo="a" * 64)
    assert read_clinic(write_clinic(clinic)) == clinic


def test_a_day_closed_is_no_day_of_waiting() -> None:
    zone = ZoneInfo("America/New_York")
    since, now = datetime(2026, 12, 24, 15, tzinfo=UTC), datetime(2026, 12, 28, 15, tzinfo=UTC)
    assert working_days(since, now, zone) == 2
    assert working_days(since, now, zone, {date(2026, 12, 25)}) == 1
    assert working_days(since, now, zone, {date(2026, 12, 26)}) == 2


def test_the_day_says_that_the_clinic_is_closed(
    admin: Browser, signed_in: Callable[[Role], Browser]
) -> None:
    save(admin, holidays="25 Dec 2026 Christmas")
    desk = signed_in(Role.FRONT_DESK)
    assert "The clinic is closed: Christmas." in desk.page("/day?on=2026-12-25").main
    assert "closed" not in desk.page("/day?on=2026-12-24").main


def add(admin: Browser, **values: str) -> int:
    form = admin.page("/settings/referrers/new").form("new")
    return int(admin.send(form, **values).status_code)


def test_a_referrer_is_offered_where_a_patient_is_registered(
    admin: Browser, signed_in: Callable[[Role], Browser], session: Session
) -> None:
    assert "No referrers yet" in admin.page("/settings/referrers").main
    assert add(admin, name="Dr. P. Example", practice="Example Practice") == 303
    desk = signed_in(Role.FRONT_DESK)
    page = desk.page("/patients/new")
    assert [each.get("value") for each in page.root.all("option") if each.inside("datalist")] == [
        "Dr. P. Example, Example Practice"
    ]
    assert page.form("register").element.all("input")
    patient = factories.scan_to_read(session).episode.patient
    assert "Example Practice" in desk.page(f"/patients/{patient.id}").html
    line = session.scalars(select(AuditRow).where(AuditRow.action == "referrer.save")).one()
    assert line.actor == "Ada Test"


def test_a_referrer_who_is_not_offered_any_more_is_kept(
    admin: Browser, signed_in: Callable[[Role], Browser], session: Session
) -> None:
    add(admin, name="Dr. P. Example")
    known = session.scalars(select(Referrer)).one()
    form = admin.page(f"/settings/referrers/{known.id}").form("referrers")
    values = {name: value for name, value in form.values.items() if name != "active"}
    assert admin.post(form.action, data=values).status_code == 303
    assert "Dr. P. Example" not in signed_in(Role.FRONT_DESK).page("/patients/new").html
    assert "Not offered" in admin.page("/settings/referrers").main


def test_the_same_referrer_twice_is_refused(admin: Browser, session: Session) -> None:
    assert add(admin, name="Dr. P. Example", practice="Practice") == 303
    assert add(admin, name="dr p. éxample", practice="PRACTICE") == 422
    assert session.scalar(select(func.count(Referrer.id))) == 1


def test_an_entry_that_somebody_else_changed_is_not_written_over(
    admin: Browser, session: Session
) -> None:
    add(admin, name="Dr. P. Example")
    known = session.scalars(select(Referrer)).one()
    form = admin.page(f"/settings/referrers/{known.id}").form("referrers")
    known.phone = "212 555 0100"
    response = admin.send(form, phone="212 555 0199")
    assert response.status_code == 409
    assert known.phone == "212 555 0100"


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"name": "A", "email": "a@b"},
        {"name": "A", "email": "a@example.org\r\nBcc: b@example.org"},
        {"name": "A", "email": "a@example.org,b@example.org"},
        {"name": "A", "phone": "call me"},
        {"name": "A\u202eB"},
        {"name": "A" * 81},
    ],
)
def test_what_cannot_be_kept_of_a_referrer_is_said(
    admin: Browser, session: Session, values: dict[str, str]
) -> None:
    assert add(admin, **values) == 422
    assert session.scalar(select(func.count(Referrer.id))) == 0


def test_referrers_are_found_by_a_part_of_the_name(admin: Browser) -> None:
    add(admin, name="Dr. Ana Łukasz", practice="North Street")
    add(admin, name="Dr. Ben Other")
    found = admin.page("/settings/referrers?q=lukasz").main
    assert "Ana Łukasz" in found
    assert "Ben Other" not in found
    assert "Nobody by this name" in admin.page("/settings/referrers?q=%25").main
