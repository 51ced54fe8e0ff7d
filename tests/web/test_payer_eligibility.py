"""What payers ask for stands on the plan's page, apart from what the clinic asks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Element, Page
from workflow import clock
from workflow.domain.staff import Role
from workflow.models.exam import Exam
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]
AETNA, L33575, UHC = "Aetna, CPB 0050", "L33575", "2026T0447RR"


def _scanned(session: Session, settings: Settings, days: int) -> Exam:
    """Return C01, scanned so long ago: an axial right trunk 7.2 mm wide, 14 weeks of stockings."""
    exam = factories.scan_being_read(session)
    exam.scanned_at = clock.now() - timedelta(days=days)
    factories.sign(session, settings, exam)
    return exam


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    return _scanned(session, settings, 10)


def _policy(browser: Browser, exam: Exam, name: str) -> Element:
    """Return what the plan's page says of one policy."""
    page: Page = browser.page(f"/episodes/{exam.episode_id}/plan")
    (found,) = [
        each
        for each in page.root.all("details")
        if each.all("summary") and name in each.all("summary")[0].text
    ]
    return found


def _lines(policy: Element) -> list[str]:
    return [line.text for line in policy.all("li")]


def test_a_policy_whose_every_point_is_met_is_ready(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, "R.GSV.RFA")
    aetna = _policy(signed_in(Role.PHYSICIAN), exam, AETNA)
    assert aetna.all("summary")[0].text.endswith(": ready")
    assert "Met: Right leg: Reflux of 500 ms or more at the junction" in _lines(aetna)
    assert "Met: Right leg: The trunk is 4.5 mm or wider below the junction" in _lines(aetna)
    assert all(line.startswith("Met: ") for line in _lines(aetna))


def test_what_is_not_met_is_a_gap(session: Session, signed_in: SignIn, exam: Exam) -> None:
    factories.submitted_plan(session, exam, "R.GSV.CAC")
    aetna = _policy(signed_in(Role.PHYSICIAN), exam, AETNA)
    assert aetna.all("summary")[0].text.endswith(": 1 gap")
    assert "Not met: Right leg: Neither MOCA nor CAC, which it calls investigational" in _lines(
        aetna
    )


@pytest.mark.parametrize(("days", "word"), [(180, "Met"), (186, "Not met")])
def test_a_scan_is_as_old_as_it_is_today(
    session: Session, settings: Settings, signed_in: SignIn, days: int, word: str
) -> None:
    exam = _scanned(session, settings, days)
    factories.submitted_plan(session, exam, "R.GSV.RFA")
    aetna = _policy(signed_in(Role.PHYSICIAN), exam, AETNA)
    assert f"{word}: Right leg: The scan is at most 6 months old" in _lines(aetna)


def test_what_is_not_known_names_the_field_that_is_missing(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, "R.GSV.RFA")
    browser = signed_in(Role.PHYSICIAN)
    medicare = _policy(browser, exam, L33575)
    arteries = [line for line in _lines(medicare) if "missing" in line]
    assert any(
        line.startswith("Not known: Right leg: ")
        and line.endswith("Ankle-brachial index missing (right leg).")
        for line in arteries
    )
    trial = {**exam.episode.intake.answers["compression_trial"], "end": None}
    exam.episode.intake.answers = {**exam.episode.intake.answers, "compression_trial": trial}
    (line,) = [
        line for line in _lines(_policy(browser, exam, AETNA)) if "3 months of compression" in line
    ]
    assert line == (
        "Not known: Right leg: At least 3 months of compression "
        "Compression trial end date missing (right leg)."
    )


def test_before_anything_is_planned_the_widths_of_what_leaks_are_held_against_the_payers(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    browser.send(browser.page(f"/episodes/{exam.episode_id}/plan").form("/plans"))
    aetna = _lines(_policy(browser, exam, AETNA))
    assert "Met: Right leg: The trunk is 4.5 mm or wider below the junction" in aetna
    assert any(line.endswith("Treatment planned missing (right leg).") for line in aetna)
    uhc = _lines(_policy(browser, exam, UHC))
    assert [line for line in uhc if "5.5 mm" in line] == [
        "Met: Right leg: The great saphenous vein is 5.5 mm or wider"
    ]
    assert not any("small saphenous" in line for line in uhc)


def test_what_a_payer_asks_bars_no_plan(session: Session, signed_in: SignIn, exam: Exam) -> None:
    factories.submitted_plan(session, exam, "R.GSV.CAC")
    page = signed_in(Role.PHYSICIAN).page(f"/episodes/{exam.episode_id}/plan")
    assert "A payer may refuse what a guideline treats." in page.main
    assert any(form.action.endswith("/approve") for form in page.forms)
