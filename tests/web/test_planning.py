"""Planning a treatment and moving care on, as the clinic meets it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import clock
from workflow.domain.documents import patient_result
from workflow.domain.pathway import Care, Stage
from workflow.domain.plan import PlanStatus
from workflow.domain.staff import Role
from workflow.models.document import IssuedDocument
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.plan import Plan
from workflow.models.staff import SignIn as SignInRow
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]
RFA, PHLEB = "R.GSV.RFA", "R.TRIB1.PHLEB"


def _plan(browser: Browser, exam: Exam) -> Page:
    return browser.page(f"/episodes/{exam.episode_id}/plan")


def _results(session: Session) -> list[IssuedDocument]:
    session.expire_all()
    rows = select(IssuedDocument).where(IssuedDocument.kind == "patient")
    return list(session.scalars(rows.order_by(IssuedDocument.version)))


def _only_plan(session: Session) -> Plan:
    session.expire_all()
    return session.scalars(select(Plan)).one()


def _status(session: Session, plan: Plan) -> PlanStatus:
    session.expire_all()
    return plan.status


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    """Case C01, read and signed: an axial right great saphenous vein and a tributary."""
    return factories.signed_scan(session, settings)


def test_a_plan_rests_on_a_signed_report(session: Session, signed_in: SignIn) -> None:
    scan = factories.scan_being_read(session)
    browser = signed_in(Role.PHYSICIAN)
    assert "The scan is read and signed first." in _plan(browser, scan).main


def test_asking_twice_for_a_plan_makes_one(session: Session, signed_in: SignIn, exam: Exam) -> None:
    browser = signed_in(Role.PHYSICIAN)
    form = _plan(browser, exam).form("/plans")
    assert [browser.send(form).status_code for _ in range(2)] == [303, 303]
    assert _only_plan(session).version == 1


def test_options_stand_in_rank_order_with_reasons_and_what_is_ruled_out(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    main = _plan(browser, exam).main
    order = [main.index(name) for name in ("(RFA)", "(EVLA)", "(CAC)")]
    assert order == sorted(order)
    assert "GSV axial reflux, 2,600 ms" in main
    assert "Off label" in main
    assert "What is ruled out, and why" in main


def test_a_plan_is_chosen_submitted_and_approved_and_the_patients_result_says_so(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    form = _plan(browser, exam).form("/save")
    chosen = {"pick": [RFA, PHLEB], f"session.{PHLEB}": "2", "then": "submit"}
    assert browser.send(form, **chosen).status_code == 303
    page = _plan(browser, exam)
    assert "waiting for approval" in page.main
    assert browser.send(page.form("/approve")).status_code == 303

    plan = _only_plan(session)
    assert plan.status is PlanStatus.APPROVED
    assert [(item.modality, item.session) for item in plan.items] == [("RFA", 1), ("PHLEB", 2)]
    assert plan.items[0].finding.startswith("GSV axial reflux, 2,600 ms")
    assert plan.episode.stage is Stage.PLAN_APPROVED
    first, second = _results(session)
    assert second.supersedes_id == first.id
    decided = patient_result(second.snapshot).decided
    assert decided[0].startswith("Right leg: close the main vein on the inside")
    assert patient_result(first.snapshot).decided == ()


def test_a_plan_that_changed_since_it_was_read_is_not_approved(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    plan = factories.submitted_plan(session, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    form = _plan(browser, exam).form("/approve")
    plan.rationale = "Second thoughts"
    response = browser.send(form)
    assert response.status_code == 409
    assert "This plan changed after you opened it" in Page(response).main
    assert _only_plan(session).status is PlanStatus.SUBMITTED
    assert len(_results(session)) == 1


def test_what_was_chosen_and_written_is_not_lost_when_the_plan_changed_meanwhile(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    form = _plan(browser, exam).form("/save")
    _only_plan(session).rationale = "Theirs"
    response = browser.send(form, pick=RFA, rationale="Mine")
    assert response.status_code == 409
    again = Page(response).form("/save")
    assert again.values["pick"] == RFA
    assert again.values["rationale"] == "Mine"
    assert browser.send(again).status_code == 303
    assert _only_plan(session).rationale == "Mine"


def test_a_treatment_against_the_rules_needs_a_reason(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    form = _plan(browser, exam).form("/save")
    added = {"add_leg": "R", "add_vein": "GSV", "add_modality": "LIQ", "then": "submit"}
    response = browser.send(form, pick=RFA, **added)
    assert response.status_code == 409
    assert "the rules do not offer this. Write why it is chosen." in Page(response).main
    reason = "The patient asked for it after a talk."
    assert browser.send(form, pick=RFA, against=reason, **added).status_code == 303
    plan = _only_plan(session)
    assert [(i.modality, i.offered) for i in plan.items] == [("RFA", True), ("LIQ", False)]
    assert "Against the rules" in _plan(browser, exam).main


def test_a_left_plan_on_a_right_finding_is_refused(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    form = _plan(browser, exam).form("/save")
    added = {"add_leg": "L", "add_vein": "GSV", "add_modality": "RFA", "against": "Because."}
    response = browser.send(form, then="submit", **added)
    assert response.status_code == 409
    main = Page(response).main
    assert "the signed report holds no reflux in the left great saphenous vein" in main
    assert "The signed report holds it in the right leg." in main


def test_an_empty_plan_is_not_submitted(session: Session, signed_in: SignIn, exam: Exam) -> None:
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    response = browser.send(_plan(browser, exam).form("/save"), then="submit")
    assert response.status_code == 409
    assert "The plan is empty." in Page(response).main


def test_a_treatment_that_the_page_did_not_offer_cannot_be_ticked(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    for forged in ("L.GSV.RFA", "R.GSV.SURGERY", "x"):
        response = browser.send(_plan(browser, exam).form("/save"), pick=forged)
        assert response.status_code == 409
    assert _only_plan(session).items == []


def test_a_pregnancy_told_after_the_report_bars_the_approval(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    intake = exam.episode.intake
    intake.answers = {**intake.answers, "pregnant": True}
    page = _plan(signed_in(Role.PHYSICIAN), exam)
    assert "the rules no longer offer this" in page.main
    assert f"/plans/{_only_plan(session).id}/approve" not in [f.action for f in page.forms]


def test_an_open_critical_finding_bars_the_approval_of_a_procedure(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    exam.episode.critical = True
    page = _plan(signed_in(Role.PHYSICIAN), exam)
    assert "A critical finding is open. Record what was done about it first." in page.main


def test_a_severity_that_was_not_recorded_bars_the_approval_of_a_procedure(
    session: Session, settings: Settings, signed_in: SignIn
) -> None:
    scan = factories.scan_being_read(session)
    intake = scan.episode.intake
    right = {**intake.clinical["R"], "vcss": None}
    intake.clinical = {**intake.clinical, "R": right}
    factories.sign(session, settings, scan)
    factories.submitted_plan(session, scan, RFA)
    page = _plan(signed_in(Role.PHYSICIAN), scan)
    assert "rVCSS of the right leg is not recorded." in page.main


def test_a_plan_is_returned_only_with_a_comment(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    form = _plan(browser, exam).form("/return")
    refused = browser.send(form)
    assert refused.status_code == 409
    assert "write why, in a sentence" in Page(refused).main
    assert browser.send(form, **{"return-note": "Add the tributary."}).status_code == 303
    assert _only_plan(session).status is PlanStatus.RETURNED
    assert "Add the tributary." in _plan(browser, exam).main


def test_a_patient_who_declines_gets_a_result_that_says_so(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    form = _plan(browser, exam).form("/decline")
    done = browser.send(form, **{"decline-note": "Wants to wait until summer."})
    assert done.status_code == 303
    plan = _only_plan(session)
    assert plan.status is PlanStatus.PATIENT_DECLINED
    assert plan.episode.stage is Stage.PLAN_DECLINED
    newest = patient_result(_results(session)[-1].snapshot)
    assert newest.decided[0] == "You chose not to have a treatment now. That is fine."


def test_a_new_version_begins_with_what_the_last_one_held_and_replaces_it_when_approved(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    first = factories.approved_plan(session, settings, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("Draft a new version"))
    assert _status(session, first) is PlanStatus.APPROVED
    form = _plan(browser, exam).form("/save")
    assert form.values["pick"] == RFA
    browser.send(form, pick=[RFA, PHLEB], then="submit")
    assert browser.send(_plan(browser, exam).form("/approve")).status_code == 303
    assert _status(session, first) is PlanStatus.SUPERSEDED
    assert browser.page(f"/plans/{first.id}").main.count("kept as it was") == 1


def test_a_newer_report_makes_the_plan_stale_and_names_the_value_that_changed(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    again = factories.scanned_again(session, exam, {"GSV_MT": 300})
    factories.sign(session, settings, again)
    browser = signed_in(Role.PHYSICIAN)
    page = _plan(browser, exam)
    assert "This plan is stale" in page.main
    assert "2,600 ms, 6.8 mm → 300 ms, 6.8 mm" in page.main
    assert browser.send(page.form("Revise the plan")).status_code == 303
    session.expire_all()
    old, new = session.scalars(select(Plan).order_by(Plan.version))
    assert old.status is PlanStatus.SUPERSEDED
    assert new.report.exam_id == again.id


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.SONOGRAPHER])
def test_only_a_physician_decides(
    session: Session, signed_in: SignIn, exam: Exam, role: Role
) -> None:
    plan = factories.submitted_plan(session, exam, RFA)
    browser = signed_in(role)
    page = _plan(browser, exam)
    assert "Only a physician may approve treatment plans." in page.main
    token = next(f.values["csrf_token"] for f in page.forms if "csrf_token" in f.values)
    values = {"csrf_token": token, "approve-revision": str(plan.revision)}
    assert browser.post(f"/plans/{plan.id}/approve", data=values).status_code == 403
    assert _only_plan(session).status is PlanStatus.SUBMITTED


def _care(browser: Browser, exam: Exam) -> Page:
    return browser.page(f"/episodes/{exam.episode_id}/care")


def _on(days: int) -> dict[str, str]:
    day = clock.now().date() + timedelta(days=days)
    return {
        "next_on-day": str(day.day),
        "next_on-month": str(day.month),
        "next_on-year": str(day.year),
    }


def test_care_moves_from_consent_to_discharge_by_dated_notes(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    desk, physician = signed_in(Role.FRONT_DESK), signed_in(Role.PHYSICIAN)
    for browser, step, more, care in (
        (desk, "consent", {"note": "Signed on paper."}, Care.CONSENTED),
        (desk, "authorise", {}, Care.AUTHORISED),
        (desk, "book_session", _on(7), Care.SESSIONS),
        (physician, "session_done", {"note": "RFA of the right GSV."}, Care.SESSIONS),
        (desk, "follow_up", _on(30), Care.FOLLOW_UP),
        (physician, "discharge", {"note": "Closed; no complaints."}, Care.DISCHARGED),
    ):
        response = browser.send(_care(browser, exam).form("/care"), step=step, **more)
        assert response.status_code == 303, (step, response.text)
        session.expire_all()
        assert exam.episode.care is care
    assert exam.episode.stage is Stage.DISCHARGED
    assert exam.episode.next_on is None
    steps = session.scalars(select(StepTaken).where(StepTaken.subject == "care")).all()
    assert len(steps) == 6


def test_a_move_that_is_not_possible_now_is_greyed_with_its_reason(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    page = _care(signed_in(Role.FRONT_DESK), exam)
    assert "Record authorisation is not possible while the care is “before consent”." in page.main
    response = signed_in(Role.FRONT_DESK).send(page.form("/care"), step="authorise")
    assert response.status_code in {400, 409}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "Choose what happened."),
        ({"step": "cancel"}, "write why, in a sentence"),
        ({"step": "consent", **_on(-2)}, "lies in the past"),
        ({"step": "consent", "next_on-day": "31", "next_on-month": "2", "next_on-year": "2030"},
         "There is no such day."),
    ],
)  # fmt: skip
def test_a_move_that_cannot_be_recorded_says_why_and_keeps_the_note(
    session: Session,
    settings: Settings,
    signed_in: SignIn,
    exam: Exam,
    more: dict[str, str],
    sentence: str,
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    browser = signed_in(Role.FRONT_DESK)
    note = {} if more.get("step") == "cancel" else {"note": "What I typed."}
    response = browser.send(_care(browser, exam).form("/care"), **more, **note)
    assert response.status_code in {409, 422}
    page = Page(response)
    assert sentence in page.main
    assert page.form("/care").values["note"] == note.get("note", "")


def test_a_session_is_booked_only_with_its_date(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    browser = signed_in(Role.FRONT_DESK)
    for step in ("consent", "authorise"):
        browser.send(_care(browser, exam).form("/care"), step=step)
    response = browser.send(_care(browser, exam).form("/care"), step="book_session")
    assert response.status_code == 409
    assert "Give the session its date." in Page(response).main


def test_a_move_sent_twice_is_recorded_once(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    browser = signed_in(Role.FRONT_DESK)
    browser.send(_care(browser, exam).form("/care"), step="consent")
    form = _care(browser, exam).form("/care")
    sent = [browser.send(form, step="deny", note="Denied.").status_code for _ in range(2)]
    assert sent == [303, 409]
    denied = session.scalars(select(StepTaken).where(StepTaken.step == "deny")).all()
    assert len(denied) == 1


def _history(session: Session, exam: Exam, **answers: object) -> None:
    intake = exam.episode.intake
    intake.answers = {**intake.answers, **answers}
    session.commit()


def test_going_against_an_alert_needs_a_reason_that_is_kept_and_shown(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    _history(session, exam, migraine_aura=True)
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    page = _plan(browser, exam)
    assert "Caution with foam, small volumes: migraine with aura." in page.main
    form, foam = page.form("/save"), "R.GSV.PEM"
    refused = browser.send(form, pick=foam, then="submit", rationale="Mine")
    assert refused.status_code == 409
    assert "Write why it is chosen all the same." in Page(refused).main
    assert Page(refused).form("/save").values["pick"] == foam

    reason = "Small volume, leg raised; the patient agreed."
    answer = {"reason.WARN_FOAM_MIGRAINE_AURA": reason}
    assert browser.send(form, pick=foam, then="submit", **answer).status_code == 303
    (row,) = _only_plan(session).reasons
    assert (row.alert, row.reason) == ("WARN_FOAM_MIGRAINE_AURA", reason)
    assert row.says == "Caution with foam, small volumes: migraine with aura."
    assert f"Chosen all the same: {reason}" in _plan(browser, exam).main


def test_a_reason_is_asked_only_where_a_treatment_goes_against_the_alert(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    _history(session, exam, migraine_aura=True)
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    form = _plan(browser, exam).form("/save")
    typed = {"reason.WARN_FOAM_MIGRAINE_AURA": "Not needed.", "reason.WARN_PTS.R": "Not offered."}
    assert browser.send(form, pick=RFA, then="submit", **typed).status_code == 303
    assert _only_plan(session).reasons == []


def test_what_was_written_against_an_alert_is_not_lost_when_the_plan_changed_meanwhile(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    _history(session, exam, migraine_aura=True)
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("/plans"))
    form = _plan(browser, exam).form("/save")
    _only_plan(session).rationale = "Theirs"
    answer = {"reason.WARN_FOAM_MIGRAINE_AURA": "Small volume."}
    response = browser.send(form, pick="R.GSV.PEM", **answer)
    assert response.status_code == 409
    again = Page(response).form("/save")
    assert again.values["reason.WARN_FOAM_MIGRAINE_AURA"] == "Small volume."


def test_the_page_lists_what_stands_in_the_way_for_the_clinic(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    factories.submitted_plan(session, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    assert "Nothing stands in the way." in _plan(browser, exam).main
    exam.episode.critical = True
    main = _plan(browser, exam).main
    assert "1 thing stands in the way." in main
    assert "not met: Nothing bars elective treatment".lower() in main.lower()


def test_two_versions_stand_side_by_side_with_what_differs(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    first = factories.approved_plan(session, settings, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    browser.send(_plan(browser, exam).form("Draft a new version"))
    form = _plan(browser, exam).form("/save")
    browser.send(form, pick=[RFA, PHLEB], rationale="The branch as well.")
    page = _plan(browser, exam)
    beside = page.links["what differs from version 1"]
    shown = browser.page(beside)
    assert "Added" in shown.main
    assert "the same" in shown.main
    assert "The branch as well." in shown.main
    other = factories.signed_scan(session, settings, "C06")
    stranger = factories.submitted_plan(session, other, "R..CONS", against="Asked for.")
    assert browser.get(f"/plans/{first.id}/beside/{stranger.id}").status_code == 404


def test_whoever_has_been_signed_in_for_a_while_types_the_password_to_approve(
    session: Session, signed_in: SignIn, exam: Exam
) -> None:
    plan = factories.submitted_plan(session, exam, RFA)
    browser = signed_in(Role.PHYSICIAN)
    for row in session.scalars(select(SignInRow)):
        row.confirmed_at = clock.now() - timedelta(minutes=6)
    form = _plan(browser, exam).form("/approve")
    refused = browser.send(form, **{"approve-password": "not it"})
    assert refused.status_code == 422
    assert "The password is not right" in Page(refused).main
    assert _status(session, plan) is PlanStatus.SUBMITTED
    done = browser.send(form, **{"approve-password": factories.PASSWORD})
    assert done.status_code == 303
    assert _results(session)[-1].method == "password"


def test_care_does_not_move_on_while_the_plan_is_stale(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    _history(session, exam, pregnant=True)
    browser = signed_in(Role.FRONT_DESK)
    page = _care(browser, exam)
    assert "The plan cannot be gone by as it stands" in page.main
    response = browser.send(page.form("/care"), step="consent", note="Signed.")
    assert response.status_code == 409
    assert "the rules no longer offer this" in Page(response).main


def test_planning_again_from_follow_up_opens_the_next_version(
    session: Session, settings: Settings, signed_in: SignIn, exam: Exam
) -> None:
    factories.approved_plan(session, settings, exam, RFA)
    physician = signed_in(Role.PHYSICIAN)
    for step, more in (
        ("consent", {}),
        ("not_required", {"note": "Paid by the patient."}),
        ("book_session", _on(3)),
        ("abandon", {"note": "The wire did not pass."}),
        ("plan_again", {"note": "The vein is tortuous."}),
    ):
        response = physician.send(_care(physician, exam).form("/care"), step=step, **more)
        assert response.status_code == 303, (step, Page(response).main)
    session.expire_all()
    assert exam.episode.care is Care.NONE
    assert exam.episode.stage is Stage.PLAN_DRAFTED
    newest = session.scalars(select(Plan).order_by(Plan.version.desc())).first()
    assert newest is not None
    assert (newest.version, newest.status) == (2, PlanStatus.DRAFT)
