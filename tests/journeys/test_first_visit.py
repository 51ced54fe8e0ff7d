"""Case C01 from registration to both papers, by every role in turn, in a real browser.

An administrator sets the clinic up and adds its people. The front desk registers the patient, takes
the intake, orders the scan, gives it a time and checks the patient in. The sonographer records what
case C01 holds. The physician reads, signs, plans and approves; the front desk records consent.
"""

import io
import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys import factor
from tests.journeys.conftest import PROJECT, Camera, Served, Windows
from workflow import clock

PASSWORD = "four plain words together"
PEOPLE = {
    "Front desk": ("desk", "Fern Journey", ""),
    "Sonographer": ("sono", "Sona Journey", "RVT"),
    "Physician": ("doctor", "Jonathan Arad", "MD"),
}
C01 = json.loads((PROJECT / "workflow/seed/cases/C01.json").read_text(encoding="utf-8"))
CELLS = ("reflux_ms", "diameter_mm")


def test_a_patient_walks_from_registration_to_both_papers(
    clinic: Served, at: Windows, camera: Camera, tmp_path: Path
) -> None:
    _set_up(at(), clinic, camera)

    desk = _signed_in(at(), "desk")
    _register(desk, camera)
    _take_intake(desk, camera)
    _book(desk, camera)
    _check_in(desk, camera)

    sono = _signed_in(at(), "sono")
    _scan(sono, camera)

    doctor = _signed_in(at(), "doctor")
    report = _read_and_sign(doctor, camera)
    _plan(doctor, camera)

    _consent(desk, camera)
    result = _papers(desk, camera)

    _the_stored_exam_is_the_case(clinic, tmp_path)
    _the_papers_say_what_was_found(report, result, camera)
    assert "lines holds" in clinic.flask("audit", "verify")


def _set_up(page: Page, clinic: Served, camera: Camera) -> None:
    page.goto("/setup")
    camera.take(page, "set-up")
    page.get_by_label("Set-up token").fill(clinic.token)
    page.get_by_label("Full name").fill("Ada Journey")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    factor.enrol(page, camera)
    for role, (username, name, credentials) in PEOPLE.items():
        page.goto("/staff/new")
        page.get_by_label("Full name").fill(name)
        page.get_by_label("Credentials").fill(credentials)
        page.get_by_text(role, exact=True).click()
        page.get_by_label("Username").fill(username)
        page.get_by_label("First password").fill(PASSWORD)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text(name).first).to_be_visible()
    page.goto("/staff")
    camera.take(page, "staff")
    page.goto("/settings")
    page.get_by_label("Phone").fill("212 555 0100")
    page.get_by_role("textbox", name="Address (optional)").fill(
        "1 Example Street\nNew York, NY 10001"
    )
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("The settings are saved")).to_be_visible()
    camera.take(page, "settings", whole=True)


def _signed_in(page: Page, username: str) -> Page:
    page.goto("/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    factor.enrol_if_asked(page)
    expect(page.get_by_role("heading", name="Board")).to_be_visible()
    return page


def _register(page: Page, camera: Camera) -> None:
    page.goto("/patients/new")
    page.get_by_label("Full name").fill(C01["patient"]["name"])
    year, month, day = C01["patient"]["born"].split("-")
    for part, text in (("Day", day), ("Month", month), ("Year", "2974")):
        page.get_by_label(part, exact=True).fill(text)
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("future")
    expect(page.get_by_label("Full name")).to_have_value(C01["patient"]["name"])
    camera.take(page, "register-error")
    page.get_by_label("Year", exact=True).fill(year)
    page.get_by_label("Female", exact=True).check()
    page.get_by_label("Phone").fill("212 555 0147")
    page.get_by_label("Referred by").fill("Dr. P. Example")
    camera.take(page, "register")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", name="Intake")).to_be_visible()


def _answer(page: Page, question: str, answer: str) -> None:
    """Press an answer of one question, as it is read on the page."""
    group = page.get_by_role("group", name=question, exact=True)
    group.get_by_label(answer, exact=True).first.check()


def _tick(page: Page, name: str, value: str) -> None:
    page.locator(f'input[name="{name}"][value="{value}"]').check()


def _take_intake(page: Page, camera: Camera) -> None:
    page.get_by_label("Height").fill("5 ft 5")
    page.get_by_label("Weight, in kg").or_(page.get_by_label("Weight")).first.fill("70")
    for question, answer in (
        ("Has leg cramps", "Yes"),
        ("The muscle is hard to the touch", "Yes"),
        ("Migraine with flashes or zigzags before the pain", "No"),
        ("Pregnant, or may be", "No"),
        ("Takes a blood thinner", "No"),
        ("Varicose veins in the family", "Yes"),
    ):
        _answer(page, question, answer)
    for name, value in (
        ("cramps__side", "R"),
        ("cramps__site", "calf"),
        ("cramps__frequency", "3-6/wk"),
        ("cramps__timing", "night"),
        ("cramps__duration", "1-9 min"),
        ("cramps__nrs_0_10", "7"),
        ("cramps__relief", "stretch_walk"),
        ("symptoms__R", "heaviness"),
        ("symptoms__R", "ache"),
        ("symptoms__R", "cramps"),
        ("symptoms__L", "none"),
        ("red_flags", "none"),
        ("allergies", "none"),
        ("clinical__R__c", "C2"),
        ("clinical__R__symptomatic", "yes"),
        ("clinical__L__c", "C0"),
        ("clinical__L__symptomatic", "no"),
    ):
        _tick(page, name, value)
    for leg in "RL":
        for item, points in C01["clinical"][leg]["vcss"].items():
            _tick(page, f"clinical__{leg}__vcss__{item}", str(points))
    page.get_by_label("Height").press("Tab")
    expect(page.locator("[data-save-state]")).to_contain_text("Saved")
    page.reload()
    expect(page.locator('input[name="clinical__R__vcss__compression"][value="2"]')).to_be_checked()
    page.evaluate("scrollTo(0, 0)")
    camera.take(page, "intake")
    page.locator("#severity").scroll_into_view_if_needed()
    camera.take(page, "intake-severity")
    page.get_by_role("button", name="Finish the intake").click()
    expect(page.get_by_text("The intake is finished")).to_be_visible()
    camera.take(page, "intake-finished")


def _book(page: Page, camera: Camera) -> None:
    page.get_by_role("link", name="Order the scan").click()
    indication = page.get_by_label("Indication")
    if not indication.input_value():
        indication.fill("Night cramps and heavy right leg; reflux?")
    camera.take(page, "order")
    page.get_by_role("button", name="Order the scan").click()
    expect(page.get_by_role("heading", name="Give the scan a time")).to_be_visible()
    tomorrow = clock.now().astimezone(ZoneInfo("America/New_York")) + timedelta(days=1)
    for part, text in (
        ("Day", str(tomorrow.day)),
        ("Month", f"{tomorrow:%b}"),
        ("Year", str(tomorrow.year)),
    ):
        page.get_by_label(part, exact=True).fill(text)
    page.locator('input[name="at"]').fill("9:30")
    page.get_by_label("Scan room 1", exact=True).first.check()
    camera.take(page, "schedule")
    page.get_by_role("button", name="Give this time").click()
    expect(page.get_by_role("heading", name="Give the scan a time")).to_be_hidden()


def _check_in(page: Page, camera: Camera) -> None:
    tomorrow = clock.now().astimezone(ZoneInfo("America/New_York")) + timedelta(days=1)
    page.goto(f"/day?on={tomorrow:%Y-%m-%d}")
    camera.take(page, "day-of-visit")
    page.get_by_role("link", name="Check in").click()
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("alert")).to_contain_text("Ask again")
    page.locator('input[name="asked"]').check()
    camera.take(page, "check-in")
    page.get_by_role("button", name="Check in").click()


def _scan(page: Page, camera: Camera) -> None:
    page.goto("/")
    page.get_by_role("link", name=C01["patient"]["name"]).click()
    camera.take(page, "episode")
    page.get_by_role("link", name="Start the scan").click()
    page.get_by_role("button", name="Start the scan").click()
    camera.take(page, "scan-empty")
    page.locator('[id="exam.position"]').select_option("standing")
    page.locator("#manoeuvre-manual_compression").check()
    page.locator("#add_site").select_option("TRIB")
    page.locator("#add_leg").select_option("R")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(_cell(page, "R.TRIB1.reflux_ms")).to_be_visible()
    for row in C01["exam"]["segments"]:
        for cell in CELLS:
            if row[cell] is not None:
                _type(page, f"{row['leg']}.{row['segment']}.{cell}", str(row[cell]))
    _type(page, "R.GSV_PT.reflux_ms", "2.4")
    page.locator("#save").click()
    expect(page.get_by_role("alert").first).to_contain_text("seconds or milliseconds")
    expect(_cell(page, "R.GSV_PT.reflux_ms")).to_have_value("2.4")
    camera.take(page, "scan-refused")
    _type(page, "R.GSV_PT.reflux_ms", "2.4s")
    for cell, word in (("compressibility", "full"), ("thrombus", "none")):
        _cell(page, f"R.TRIB1.{cell}").select_option(word)
    page.locator("details.drawer:has([name='R.TRIB1.location'])").evaluate("d => d.open = true")
    _type(page, "R.TRIB1.location", "medial calf")
    page.locator("#save").click()
    expect(_cell(page, "R.GSV_PT.reflux_ms")).to_have_value("2400")
    for leg in ("right", "left"):
        page.get_by_role("button", name=f"Fill {leg} as normal").click()
        camera.take(page, f"scan-fill-{leg}")
        page.get_by_role("button", name="as normal").click()
    expect(page.get_by_text("Nothing the protocol requires is missing")).to_be_visible()
    camera.take(page, "scan")
    page.emulate_media(color_scheme="dark")
    camera.take(page, "scan-dark")
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Finish").click()
    camera.take(page, "scan-finish")
    page.get_by_role("button", name="Hand over to be read").click()


def _cell(page: Page, name: str) -> Any:
    return page.locator(f'[name="{name}"]')


def _type(page: Page, name: str, text: str) -> None:
    _cell(page, name).fill(text)


def _read_and_sign(page: Page, camera: Camera) -> bytes:
    page.get_by_role("link", name=C01["patient"]["name"]).click()
    page.get_by_role("link", name="Read and sign").click()
    page.get_by_role("button", name="Start reading").click()
    impression = page.get_by_label("right leg", exact=False).first
    expect(impression).to_have_value(re.compile("great saphenous", re.IGNORECASE))
    camera.take(page, "read")
    page.get_by_role("textbox", name="Your password").fill("not the password at all")
    page.get_by_role("button", name="Sign report").click()
    expect(page.get_by_text("password is not right").first).to_be_visible()
    page.get_by_role("textbox", name="Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign report").click()
    expect(page.get_by_role("heading", name="Signed")).to_be_visible()
    camera.take(page, "signed")
    return _pdf(page, page.get_by_role("link", name="Open the PDF").get_attribute("href"))


def _pdf(page: Page, address: str | None) -> bytes:
    assert address
    answer = page.request.get(address)
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def _plan(page: Page, camera: Camera) -> None:
    page.get_by_role("link", name="Draft the plan").click()
    page.get_by_role("button", name="Draft the plan").click()
    camera.take(page, "plan-draft")
    for option in ("R.GSV.RFA", "R.TRIB1.PHLEB"):
        leg, vein, modality = option.split(".")
        box = page.locator(
            f'input[name="pick"][value*="{leg}"][value*="{vein}"][value*="{modality}"]'
        )
        box.first.check()
    page.get_by_label("Rationale").fill(
        "Cramps wake her most nights; the trial of stockings helped little."
    )
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_role("button", name="Approve the plan")).to_be_visible()
    camera.take(page, "plan")
    page.get_by_role("button", name="Approve the plan").click()
    expect(page.get_by_text("Approved.").first).to_be_visible()
    camera.take(page, "plan-approved")


def _consent(page: Page, camera: Camera) -> None:
    page.goto("/")
    page.get_by_role("link", name=C01["patient"]["name"]).click()
    page.get_by_role("link", name="Move care on").click()
    page.get_by_role("radio", name="Record consent").check()
    page.get_by_role("textbox", name="Note").fill("Signed on paper; she has a copy.")
    camera.take(page, "care")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("Record consent").first).to_be_visible()


def _papers(page: Page, camera: Camera) -> bytes:
    page.goto("/")
    page.get_by_role("link", name=C01["patient"]["name"]).click()
    camera.take(page, "episode-consented")
    page.get_by_role("link", name="All papers").click()
    camera.take(page, "papers")
    page.get_by_role("link", name="Your result").first.click()
    camera.take(page, "result-page", whole=True)
    return _pdf(page, page.get_by_role("link", name="Open the PDF").get_attribute("href"))


def _the_stored_exam_is_the_case(clinic: Served, folder: Path) -> None:
    out = folder / "exported.json"
    clinic.flask("case", "export", "1", "--out", str(out))
    stored = json.loads(out.read_text(encoding="utf-8"))
    assert _by_site(stored) == _by_site(C01)
    assert stored["exam"]["position"] == "standing"
    assert stored["clinical"]["R"]["c"] == ["C2"]
    assert stored["intake"]["cramps"]["frequency"] == "3-6/wk"


def _by_site(case: dict[str, Any]) -> dict[tuple[str, str], tuple[Any, ...]]:
    keys = ("reflux_ms", "diameter_mm", "compressibility", "thrombus", "location")
    return {
        (row["leg"], row["segment"]): tuple(row.get(key) for key in keys)
        for row in case["exam"]["segments"]
    }


def _the_papers_say_what_was_found(report: bytes, result: bytes, camera: Camera) -> None:
    scan, patient = (_text(pdf) for pdf in (report, result))
    assert "2,600" in scan
    assert "Jonathan Arad, MD" in scan
    assert "C2s Ep As Pr" in scan
    assert "PRELIMINARY" not in scan
    assert "right leg leaks" in patient
    assert "2,600" not in patient
    for name, pdf in (("report", report), ("result", result)):
        _picture(pdf, name, camera)


def _text(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def _picture(pdf: bytes, name: str, camera: Camera) -> None:
    if shutil.which("pdftoppm"):
        for old in camera.folder.glob(f"{name}-[0-9].png"):
            old.unlink()
        subprocess.run(
            ["pdftoppm", "-r", "80", "-png", "-", str(camera.folder / name)],
            input=pdf,
            check=True,
        )
