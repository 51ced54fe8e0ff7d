"""Key images of a scan: added, described, ordered, printed, and frozen with the signing."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories, scans
from tests.browser import Browser
from tests.pages import Page
from tests.pictures import a_picture
from workflow import files
from workflow.domain.documents import scan_report
from workflow.domain.exam import ExamStatus
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.history import Edit
from workflow.models.image import KeyImage
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def room(signed_in: SignIn) -> Browser:
    return signed_in(Role.SONOGRAPHER)


@pytest.fixture
def exam(session: Session) -> Exam:
    return scans.scanning(session)


def _send(browser: Browser, exam: Exam, content: bytes, name: str = "a.jpg", **said: Any) -> Any:
    form = browser.page(f"/exams/{exam.id}/images").form("Add the image")
    return browser.upload(form, content, name, **{"leg": "R", "segment": "GSV_MT", **said})


def _images(session: Session) -> list[KeyImage]:
    session.expire_all()
    return list(session.scalars(select(KeyImage).order_by(KeyImage.ordinal)))


def _form(browser: Browser, image: KeyImage) -> Any:
    action = f"/exams/{image.exam_id}/images/{image.id}"
    return browser.page(f"/exams/{image.exam_id}/images").form(action)


def test_a_picture_is_added_with_its_site_and_shown(
    session: Session, room: Browser, exam: Exam
) -> None:
    response = _send(room, exam, a_picture(), caption="Reflux 2.4 s", in_report="y")
    assert response.status_code == 303
    (image,) = _images(session)
    assert (image.leg.value, image.segment, image.caption) == ("R", "GSV_MT", "Reflux 2.4 s")
    assert image.in_report
    page = room.page(f"/exams/{exam.id}/images")
    (shown,) = [each for each in page.root.all("img") if "images" in each.get("src")]
    assert shown.get("alt") == "Right great saphenous, mid thigh. Reflux 2.4 s"
    sent = room.get(shown.get("src"))
    assert sent.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(sent.data)).size == (320, 240)


def test_the_section_beside_the_grid_shows_it_and_leads_to_the_page(
    session: Session, room: Browser, exam: Exam
) -> None:
    _send(room, exam, a_picture())
    page = room.page(f"/exams/{exam.id}/scan")
    assert page.links["Add or arrange images"] == f"/exams/{exam.id}/images"
    alone = room.get(f"/exams/{exam.id}/images", headers=FETCH).text
    assert alone.lstrip().startswith("<section")
    assert "great saphenous, mid thigh" in alone


def test_a_picture_is_served_so_that_a_browser_never_runs_it(
    session: Session, room: Browser, exam: Exam
) -> None:
    _send(room, exam, a_picture(), name="../../x.html")
    (image,) = _images(session)
    sent = room.get(f"/exams/{exam.id}/images/{image.id}")
    assert sent.headers["Content-Disposition"] == f'attachment; filename="image-{image.id}.jpg"'
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Cache-Control"] == "no-store"


def test_the_same_picture_twice_is_one(session: Session, room: Browser, exam: Exam) -> None:
    _send(room, exam, a_picture(), caption="First")
    _send(room, exam, a_picture(), caption="Second")
    (image,) = _images(session)
    assert image.caption == "First"
    assert "already here" in room.page(f"/exams/{exam.id}/images").text


def test_a_script_gets_the_section_back_or_one_sentence(
    session: Session, room: Browser, exam: Exam
) -> None:
    form = room.page(f"/exams/{exam.id}/images").form("Add the image")
    said: dict[str, Any] = {"leg": "L", "segment": "SSV_PC", "headers": FETCH}
    answer = room.upload(form, a_picture(), "p", **said)
    assert answer.status_code == 200
    assert "Left small saphenous, proximal calf" in answer.text
    answer = room.upload(form, b"MZ\x90", "p.jpg", **said)
    assert (answer.status_code, answer.mimetype) == (422, "text/plain")
    assert answer.text == "This is not a JPEG or PNG picture. Nothing was added."
    assert len(_images(session)) == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"leg": ""}, "Choose a leg."),
        ({"leg": "both"}, "Choose one of the listed answers."),
        ({"segment": "NOSE"}, "Choose one of the listed sites."),
        ({"caption": "x" * 161}, "at most 160 fit"),
        ({"caption": "a\u202eb"}, "U+202E"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_what_was_typed_stays(
    session: Session, room: Browser, exam: Exam, said: dict[str, str], sentence: str
) -> None:
    response = _send(room, exam, a_picture(), **{"caption": "Kept words", **said})
    assert response.status_code == 422
    page = Page(response)
    assert any(sentence in error for error in page.errors)
    kept = page.form("Add the image").values["caption"]
    assert kept == said.get("caption", "Kept words")
    assert _images(session) == []


def test_a_form_without_a_picture_asks_for_one(session: Session, room: Browser, exam: Exam) -> None:
    form = room.page(f"/exams/{exam.id}/images").form("Add the image")
    response = room.send(form, leg="R", segment="SFJ")
    assert response.status_code == 422
    assert any("Choose a picture to add." in error for error in Page(response).errors)


def test_an_image_is_described_anew_and_every_change_is_in_the_history(
    session: Session, room: Browser, exam: Exam
) -> None:
    _send(room, exam, a_picture(), caption="Before")
    (image,) = _images(session)
    prefix = f"image-{image.id}-"
    said = {f"{prefix}leg": "L", f"{prefix}caption": "After", f"{prefix}in_report": "y"}
    assert room.send(_form(room, image), then="save", **said).status_code == 303
    (image,) = _images(session)
    assert (image.leg.value, image.caption, image.in_report) == ("L", "After", True)
    edits = session.scalars(select(Edit).where(Edit.subject == "images").order_by(Edit.id)).all()
    assert [(e.cell.partition(".")[2], e.before, e.after) for e in edits][-3:] == [
        ("leg", "R", "L"),
        ("caption", "Before", "After"),
        ("in_report", "", "yes"),
    ]
    assert session.scalars(select(AuditRow).where(AuditRow.action == "images.edit")).all()


def test_a_change_to_an_image_that_changed_meanwhile_is_refused(
    session: Session, room: Browser, exam: Exam
) -> None:
    _send(room, exam, a_picture())
    (image,) = _images(session)
    form, caption = _form(room, image), f"image-{image.id}-caption"
    room.send(form, then="save", **{caption: "Theirs"})
    response = room.send(form, then="save", **{caption: "Mine"})
    assert response.status_code == 409
    assert "changed after you opened the page" in Page(response).main
    assert _images(session)[0].caption == "Theirs"


def test_images_are_put_in_order_and_taken_out(session: Session, room: Browser, exam: Exam) -> None:
    for shade, caption in ((10, "One"), (20, "Two"), (30, "Three")):
        _send(room, exam, a_picture(shade=shade), caption=caption)
    one, _, three = _images(session)
    room.send(_form(room, three), then="earlier")
    room.send(_form(room, one), then="later")
    assert [image.caption for image in _images(session)] == ["Three", "One", "Two"]
    gone = f"{one.id}.file"
    room.send(_form(room, one), then="remove")
    assert [image.caption for image in _images(session)] == ["Three", "Two"]
    removed = session.scalars(select(Edit).where(Edit.cell == gone, Edit.after == "")).one()
    assert len(removed.before) == 64


def test_an_image_of_another_scan_is_not_there(session: Session, room: Browser, exam: Exam) -> None:
    other = scans.scanning(session, "Berta Sample", room="Scan room 2")
    _send(room, other, a_picture(), caption="Berta's")
    (image,) = _images(session)
    form = _form(room, image)
    assert room.get(f"/exams/{exam.id}/images/{image.id}").status_code == 404
    address = f"/exams/{exam.id}/images/{image.id}"
    assert room.post(address, data={**form.values, "then": "remove"}).status_code == 404
    assert len(_images(session)) == 1
    denied = select(AuditRow).where(AuditRow.outcome == "denied", AuditRow.entity_type == "image")
    assert len(session.scalars(denied).all()) == 2


def test_the_front_desk_sees_no_image_and_a_physician_adds_none(
    session: Session, room: Browser, exam: Exam, signed_in: SignIn
) -> None:
    _send(room, exam, a_picture())
    (image,) = _images(session)
    desk, physician = signed_in(Role.FRONT_DESK), signed_in(Role.PHYSICIAN)
    for address in (f"/exams/{exam.id}/images", f"/exams/{exam.id}/images/{image.id}"):
        assert desk.get(address).status_code == 403
        assert physician.get(address).status_code == 200
    page = physician.page(f"/exams/{exam.id}/images")
    assert "Add the image" not in page.buttons
    values = _form(physician, image).values
    response = physician.post(f"/exams/{exam.id}/images", data=values)
    assert response.status_code == 403


def test_a_physician_marks_what_the_report_prints(
    session: Session, room: Browser, exam: Exam, signed_in: SignIn
) -> None:
    _send(room, exam, a_picture())
    (image,) = _images(session)
    physician = signed_in(Role.PHYSICIAN)
    said = {f"image-{image.id}-in_report": "y"}
    assert physician.send(_form(physician, image), then="save", **said).status_code == 303
    assert _images(session)[0].in_report


def test_a_scan_that_has_not_begun_takes_no_image(session: Session, room: Browser) -> None:
    exam = scans.arrived(session)
    page = room.page(f"/exams/{exam.id}/images")
    assert "Add the image" not in page.buttons
    token = room.page("/day").root.all("input")[0].get("value")
    data = {"csrf_token": token, "picture": (io.BytesIO(a_picture()), "a.jpg")}
    response = room.post(f"/exams/{exam.id}/images", data=data)
    assert response.status_code in {400, 409}
    assert _images(session) == []


def _signed_with_images(session: Session, settings: Settings, room: Browser) -> Exam:
    exam = factories.scan_being_read(session)
    _send(room, exam, a_picture(shade=40), caption="Printed one", in_report="y")
    _send(room, exam, a_picture("PNG", shade=50), caption="Left out")
    session.expire_all()
    factories.sign(session, settings, exam)
    return exam


def _document(session: Session) -> IssuedDocument:
    return session.scalars(select(IssuedDocument).where(IssuedDocument.kind == "scan")).one()


def test_the_report_prints_what_is_marked_with_leg_site_and_caption(
    session: Session, settings: Settings, room: Browser
) -> None:
    _signed_with_images(session, settings, room)
    paper = _document(session)
    printed = scan_report(paper.snapshot).images
    assert [image.caption for image in printed] == ["Printed one"]
    content = files.get(settings.files, paper.file_sha256)
    reader = PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert "Right great saphenous, mid thigh Printed one" in text
    assert "Left out" not in text
    assert sum(len(page.images) for page in reader.pages) == 1
    stored = files.get(settings.files, printed[0].sha256)
    assert stored in content


def test_after_the_signing_nobody_adds_changes_or_removes(
    session: Session, settings: Settings, room: Browser, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    _send(room, exam, a_picture(shade=40), caption="Printed one", in_report="y")
    (image,) = _images(session)
    new = room.page(f"/exams/{exam.id}/images").form("Add the image").values
    old = _form(room, image).values
    factories.sign(session, settings, exam)
    assert exam.status is ExamStatus.FINAL
    address = f"/exams/{exam.id}/images"
    data = {**new, "leg": "R", "picture": (io.BytesIO(a_picture(shade=77)), "a.jpg")}
    late = room.post(address, data=data)
    assert late.status_code == 409
    assert "The report is signed, so its images stay as they were signed." in Page(late).main
    for then in ("save", "later", "remove"):
        response = room.post(f"{address}/{image.id}", data={**old, "then": then})
        assert response.status_code == 409
    assert [each.caption for each in _images(session)] == ["Printed one"]
    page = room.page(address)
    assert not set(page.buttons) & {"Save", "Remove", "Add the image"}
    assert "stay as they were signed" in page.main


def test_a_page_that_was_read_before_an_image_was_added_is_not_signed(
    session: Session, room: Browser, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    physician = signed_in(Role.PHYSICIAN)
    form = physician.page(f"/exams/{exam.id}/read").form("Sign report")
    _send(room, exam, a_picture(), in_report="y")
    response = physician.send(form, password=factories.PASSWORD)
    assert response.status_code == 409
    assert session.scalars(select(IssuedDocument)).all() == []


def test_the_signed_sheet_shows_its_images_to_whoever_reads_papers(
    session: Session, settings: Settings, room: Browser, signed_in: SignIn
) -> None:
    _signed_with_images(session, settings, room)
    paper = _document(session)
    desk = signed_in(Role.FRONT_DESK)
    page = desk.page(f"/documents/{paper.id}")
    (shown,) = [each for each in page.root.all("img") if "/images/" in each.get("src")]
    assert shown.get("alt") == "Right great saphenous, mid thigh. Printed one"
    sent = desk.get(shown.get("src"))
    assert (sent.status_code, sent.mimetype) == (200, "image/jpeg")
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert desk.get(f"/documents/{paper.id}/images/2").status_code == 404


def test_damaged_bytes_are_said_to_be_damaged_and_stop_the_report(
    session: Session, settings: Settings, room: Browser, signed_in: SignIn
) -> None:
    exam = factories.scan_being_read(session)
    _send(room, exam, a_picture(), in_report="y")
    (image,) = _images(session)
    stored = settings.files / image.file_sha256[:2] / image.file_sha256
    stored.chmod(0o600)
    stored.write_bytes(b"something else")
    sent = room.get(f"/exams/{exam.id}/images/{image.id}")
    assert sent.status_code == 500
    assert "damaged" in sent.text
    physician = signed_in(Role.PHYSICIAN)
    preview = physician.get(f"/exams/{exam.id}/preview-scan.pdf")
    assert preview.status_code == 409
    assert "Remove that image from the scan" in Page(preview).main
