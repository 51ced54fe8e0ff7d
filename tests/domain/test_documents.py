"""A document's way into its canonical JSON and back."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reports import samples
from tests.reports.test_plan_and_letter import LETTER, PLAN
from workflow.domain.anatomy import Leg
from workflow.domain.documents import (
    Addendum,
    ReportImage,
    as_json,
    by_site,
    digest,
    patient_result,
    scan_report,
    side_by_side,
)
from workflow.domain.plandocuments import (
    ReferrerLetter,
    TreatmentPlan,
    referrer_letter,
    treatment_plan,
)


def test_a_scan_report_comes_back_as_it_was_frozen() -> None:
    assert scan_report(as_json(samples.SCAN)) == samples.SCAN


def test_an_unsigned_report_comes_back_unsigned() -> None:
    bare = replace(samples.SCAN, signature=None, anchor=None)
    assert scan_report(as_json(bare)) == bare


def test_a_patients_result_comes_back_as_it_was_frozen() -> None:
    assert patient_result(as_json(samples.RESULT)) == samples.RESULT


def test_a_plan_and_a_letter_come_back_as_they_were_frozen() -> None:
    assert treatment_plan(as_json(PLAN)) == PLAN
    assert referrer_letter(as_json(LETTER)) == LETTER
    assert PLAN.issued_by == LETTER.issued_by == samples.SIGNATURE


def test_a_letterhead_frozen_before_the_clinic_had_an_address_on_the_web_has_none() -> None:
    now = as_json(samples.SCAN)
    older = now.replace('"site":"",', "", 1)
    assert older != now
    assert scan_report(older) == samples.SCAN


def _changed(field: str) -> dict[str, Any]:
    return {field: "Something else"}


@pytest.mark.parametrize("field", ["indication", "comparison", "sonographer"])
def test_one_changed_word_changes_the_digest(field: str) -> None:
    assert digest(replace(samples.SCAN, **_changed(field))) != digest(samples.SCAN)


def test_a_field_added_later_takes_its_default_when_an_older_document_is_read() -> None:
    older = as_json(samples.SCAN).replace('"amends":"",', "")
    assert scan_report(older) == samples.SCAN


def test_legs_stand_side_by_side_and_a_second_reading_of_a_site_follows() -> None:
    first = samples.a_row(Leg.RIGHT, "AASV", 1700, "5.4")
    again = replace(first, reflux_ms=1500, diameter_mm=Decimal(5))
    left = samples.a_row(Leg.LEFT, "AASV", 200, "3.0")
    ((_, pairs),) = side_by_side((first, again, left))
    assert [(pair.right, pair.left) for pair in pairs] == [(first, left), (again, None)]


def test_a_version_is_issued_by_whoever_signed_last() -> None:
    other = replace(samples.SIGNATURE, name="Dr. Second Reader")
    added = replace(samples.SCAN, addenda=(Addendum("More.", other),))
    assert samples.SCAN.issued_by == samples.RESULT.issued_by == samples.SIGNATURE
    assert added.issued_by == other
    assert scan_report(as_json(added)) == added


def test_a_picture_says_its_site_and_what_it_shows_to_whoever_cannot_see_it() -> None:
    picture = ReportImage(
        Leg.RIGHT,
        "SFJ",
        "Right saphenofemoral junction",
        "Reflux of 2.4 s",
        "a" * 64,
        "png",
        640,
        480,
    )
    assert picture.words == "Right saphenofemoral junction. Reflux of 2.4 s"
    assert replace(picture, caption="").words == "Right saphenofemoral junction."


@pytest.mark.parametrize("signature", [samples.SIGNATURE, None])
def test_a_plan_and_a_letter_are_issued_by_whoever_signed_them(signature: Any) -> None:
    plan = TreatmentPlan(
        samples.LETTERHEAD, samples.PATIENT, 1, date(2026, 5, 18), "", (), (), (), (), (), (),
        signature, None,
    )  # fmt: skip
    letter = ReferrerLetter(
        samples.LETTERHEAD, samples.PATIENT, 1, "Dr. Maria Lindqvist", date(2026, 5, 18),
        date(2026, 5, 4), (), (), (), "", (), signature, None,
    )  # fmt: skip
    assert plan.issued_by == letter.issued_by == signature


def test_three_readings_of_a_site_are_numbered_from_one() -> None:
    row = samples.a_row(Leg.RIGHT, "AASV", 1700, "5.4")
    rows = tuple(replace(row, reflux_ms=ms) for ms in (1700, 1500, 900))
    assert by_site(rows) == {(Leg.RIGHT, "AASV", n): row for n, row in enumerate(rows, start=1)}


def test_a_table_names_its_groups_and_sites() -> None:
    ((group, (pair,)),) = side_by_side((samples.a_row(Leg.RIGHT, "AASV", 1700, "5.4"),))
    row = pair.right
    assert row is not None
    assert (group, pair.site) == (row.group, row.site)


def test_the_same_document_has_one_spelling_in_json() -> None:
    named = replace(samples.SCAN, sonographer="Zoë Müller", comparison="None.")
    text = as_json(named)
    assert '"sonographer":"Zoë Müller"' in text
    assert list(json.loads(text)) == sorted(json.loads(text))
    row = samples.a_row(Leg.RIGHT, "AASV", 1700, "100")
    assert '"diameter_mm":"100"' in as_json(replace(samples.SCAN, rows=(row,)))
