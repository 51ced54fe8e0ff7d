"""The four papers of a case file, as values: what they hold, and what no rule decides."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from workflow.domain.anatomy import Leg
from workflow.domain.case import Case, loads, read
from workflow.domain.composing import Issue, Study, drafted, scan_report
from workflow.domain.documents import ScanReport
from workflow.domain.interpret import interpret
from workflow.domain.modality import modality_name
from workflow.domain.plainwords import LANGUAGES, say
from workflow.domain.sample import Sample, sample
from workflow.domain.shape import Sides

CASES = Path(__file__).parent / "cases"
worked = pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("C*.json")))


def case(name: str) -> Case:
    return read(loads((CASES / f"{name}.json").read_text("utf-8")))


@cache
def papers(name: str, language: str = "en") -> Sample:
    return sample(case(name), language=language)


@worked
def test_nobody_signs_a_sample_and_each_paper_says_that_it_is_one(name: str) -> None:
    made = papers(name)
    for paper in (made.scan, made.patient, made.plan, made.letter):
        assert paper.issued_by is None
        assert paper.anchor is None
        assert paper.letterhead.sample
        assert not paper.letterhead.demo
        assert paper.patient.record_number == name


@worked
def test_a_sample_holds_every_reading_and_the_drafted_impression(name: str) -> None:
    whole, report = case(name), papers(name).scan
    assert len(report.rows) == len(whole.exam.segments)
    assert report.indication == whole.title
    for leg in report.legs:
        (said,) = [part for part in interpret(whole).impression if part.leg is leg.leg]
        assert leg.impression == tuple(said.sentences)


def test_what_is_known_of_no_scan_is_said_to_be_not_recorded() -> None:
    report = papers("C01").scan
    assert (report.ordered_by, report.sonographer) == ("Not recorded", "")
    assert (report.scanned_at.date(), report.scanned_at.hour) == (date(2026, 5, 4), 12)
    assert str(report.scanned_at.tzinfo) == report.letterhead.zone


def test_a_case_without_a_title_or_a_reading_is_of_both_legs() -> None:
    whole = case("C01")
    bare = replace(whole, title="", exam=replace(whole.exam, segments=()))
    report = sample(bare).scan
    assert report.indication == "Not recorded"
    assert [leg.leg for leg in report.legs] == [Leg.RIGHT, Leg.LEFT]
    assert report.rows == ()


def test_one_leg_that_was_scanned_is_the_leg_of_the_report() -> None:
    whole = case("C01")
    right = tuple(each for each in whole.exam.segments if each.leg is Leg.RIGHT)
    report = sample(replace(whole, exam=replace(whole.exam, segments=right))).scan
    assert [leg.leg for leg in report.legs] == [Leg.RIGHT]


def _report(name: str) -> ScanReport:
    whole = case(name)
    found, made = interpret(whole), papers(name).scan
    issue = Issue(letterhead=made.letterhead, patient=made.patient)
    study = Study(
        scanned_at=made.scanned_at, legs=tuple(Leg), indication="Cramps", impression=drafted(found)
    )
    return scan_report(whole, found, issue, study)


@worked
def test_the_report_tells_no_alert_of_treatment_and_none_that_only_informs(name: str) -> None:
    found = {alert.text: alert for alert in interpret(case(name)).alerts}
    told = [found[text] for text in _report(name).alerts]
    assert all(alert.severity.value != "info" for alert in told)
    barred = ("WARN_OFF_LABEL", "WARN_DOSE", "STOP_DOSE", "WARN_TRIGGER_DRUG", "WARN_SAPHENOUS")
    assert not [alert.id for alert in told if alert.id.startswith(barred)]


def test_a_leg_without_scores_says_why_no_class_stands_there() -> None:
    whole = replace(case("C01"), clinical=Sides())
    found, made = interpret(whole), papers("C01").scan
    issue = Issue(letterhead=made.letterhead, patient=made.patient)
    study = Study(scanned_at=made.scanned_at, legs=(Leg.RIGHT,), indication="Cramps")
    report = scan_report(whole, found, issue, study)
    (leg,) = report.legs
    assert leg.ceap.startswith("Deferred: ")
    assert (leg.ceap_advanced, leg.vcss, leg.impression) == ("", "Not recorded", ())


@worked
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_plan_of_a_sample_is_a_draft_with_one_option_of_each_vein(
    name: str, language: str
) -> None:
    plan = papers(name, language).plan
    assert plan.rests_on == say(language, "sample.draft")
    assert plan.lines
    assert {line.session for line in plan.lines} == {0}
    assert (plan.notes, plan.next_steps) == ((), ())


def test_of_equal_options_one_is_put_first() -> None:
    options = [o for o in interpret(case("C01")).options if (o.leg, o.vein) == (Leg.RIGHT, "GSV")]
    first = [option.modality for option in options if option.rank == options[0].rank]
    assert len(first) > 1
    records = " ".join(line.record for line in papers("C01").plan.lines)
    named = [name for name in first if modality_name(name) in records]
    assert named == [first[0]]


def test_an_acute_clot_leads_the_letter() -> None:
    letter, scan = papers("C03").letter, papers("C03").scan
    assert letter.summary[0] == scan.thrombus_statement
    assert papers("C01").letter.summary[-1] == papers("C01").scan.thrombus_statement


def test_the_letter_repeats_that_it_is_a_draft() -> None:
    assert papers("C01").letter.plan[0] == say("en", "sample.draft")
    assert papers("C01").letter.to == "the referring doctor"
