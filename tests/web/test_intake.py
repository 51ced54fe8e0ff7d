"""Taking a patient's history, as people and scripts do."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow.domain.pathway import Stage
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.history import Edit, StepTaken
from workflow.models.patient import Episode, Intake

SignIn = Callable[[Role], Browser]
FETCH = {"X-Requested-With": "fetch"}

MINIMUM: dict[str, Any] = {
    "cramps__present": "yes",
    "symptoms__R": ["", "ache"],
    "symptoms__L": ["", "none"],
    "red_flags": ["", "none"],
    "pregnant": "no",
    "allergies": ["", "none"],
    "clinical__R__deferred": ["", "yes"],
    "clinical__L__deferred": ["", "yes"],
}


@pytest.fixture
def episode(session: Session) -> Episode:
    return factories.known_patient(session, "Anna Sample", date(1985, 3, 12)).episodes[0]


@pytest.fixture
def desk(signed_in: SignIn) -> Browser:
    return signed_in(Role.FRONT_DESK)


def _address(episode: Episode, step: str = "") -> str:
    return f"/episodes/{episode.id}/intake{step}"


def _form(browser: Browser, episode: Episode) -> Any:
    return browser.page(_address(episode)).form("intake")


def _type(browser: Browser, form: Any, **typed: Any) -> Any:
    """Send some fields as the page's script does."""
    token = {key: form.values[key] for key in ("csrf_token", "seen")}
    return browser.post(form.action, data={**token, **typed}, headers=FETCH)


def _intake(session: Session, episode: Episode) -> Intake:
    session.expire_all()
    return episode.intake


def _stage(session: Session, episode: Episode) -> Stage:
    session.refresh(episode)
    return episode.stage


def test_what_is_typed_is_saved_without_script(
    desk: Browser, episode: Episode, session: Session
) -> None:
    form = _form(desk, episode)
    response = desk.send(
        form,
        height_cm="5 ft 5",
        smoker="no",
        symptoms__R=["", "ache", "pins and needles"],
        symptoms__L=["", "none"],
        prior_vte__0__leg="L",
        prior_vte__0__date="Mar 2019",
    )
    assert response.status_code == 303
    intake = _intake(session, episode)
    assert intake.answers == {
        "height_cm": 165.1,
        "smoker": False,
        "symptoms": {"R": ["ache", "pins and needles"], "L": []},
        "prior_vte": [{"leg": "L", "date": "2019-03"}],
    }
    page = desk.page(_address(episode))
    assert "165.1 cm, 5 ft 5 in" in page.main
    assert page.form("intake").values["prior_vte__0__date"] == "Mar 2019"
    cells = set(session.scalars(select(Edit.cell).where(Edit.subject == "intake")))
    assert cells == {"height_cm", "smoker", "symptoms__R", "symptoms__L", "prior_vte"}
    assert "intake.edit" in session.scalars(select(AuditRow.action)).all()


def test_a_page_sent_back_as_it_came_changes_nothing(
    desk: Browser, episode: Episode, session: Session
) -> None:
    desk.send(_form(desk, episode), **MINIMUM, prior_vte__0__leg="R", abi__R="0.95")
    before = dict(_intake(session, episode).answers)
    edits = session.scalars(select(Edit.id)).all()
    assert desk.send(_form(desk, episode)).status_code == 303
    assert _intake(session, episode).answers == before
    assert session.scalars(select(Edit.id)).all() == edits


def test_what_is_not_understood_is_kept_at_its_field(
    desk: Browser, episode: Episode, session: Session
) -> None:
    response = desk.send(
        _form(desk, episode),
        weight_kg="7o",
        concern="<script>window.__xss=1</script>",
        medications=["", "aspirin 100 mg\nx\u202ey"],
        prior_vein_procedures__0__length_cm="long",
    )
    assert response.status_code == 422
    page = Page(response)
    assert page.title.startswith("Error:")
    assert any(said.startswith("Weight:") for said in page.errors)
    values = page.form("intake").values
    assert values["weight_kg"] == "7o"
    assert values["prior_vein_procedures__0__length_cm"] == "long"
    assert values["concern"] == "<script>window.__xss=1</script>"
    assert "x\u202ey" in "".join(values["medications"])
    intake = _intake(session, episode)
    assert "weight_kg" not in intake.answers
    assert desk.page(_address(episode)).form("intake").values["weight_kg"] == "7o"
    finishing = desk.send(_form(desk, episode), **MINIMUM)
    assert finishing.status_code == 422
    refused = desk.post(_address(episode, "/finish"), data=_form(desk, episode).values)
    assert refused.status_code == 422
    assert _intake(session, episode).finished_at is None


def test_a_script_saves_one_field_at_a_time(
    desk: Browser, episode: Episode, session: Session
) -> None:
    form = _form(desk, episode)
    answer = _type(desk, form, weight_kg="154 lb").get_json()
    assert answer["errors"] == {}
    assert answer["conflicts"] == []
    assert answer["seen"] > int(form.values["seen"])
    assert "69.9 kg, 154 lb" in answer["parts"]["echo-weight_kg"]
    assert ":" in answer["saved_at"]
    refused = _type(desk, form, height_cm="tall").get_json()
    assert refused["errors"]["height_cm"].startswith("“tall” is not a number")
    intake = _intake(session, episode)
    assert intake.answers == {"weight_kg": 69.9}
    assert intake.typed == {"height_cm": "tall"}


def test_warning_signs_show_as_they_are_ticked(desk: Browser, episode: Episode) -> None:
    form = _form(desk, episode)
    answer = _type(desk, form, red_flags=["", "chest_pain"]).get_json()
    assert "chest pain" in answer["flags_html"]
    assert "Stop" in answer["flags_html"]
    assert "chest pain" in desk.page(_address(episode)).main


def test_two_people_merge_and_the_same_answer_asks_which_stays(
    signed_in: SignIn, desk: Browser, episode: Episode, session: Session
) -> None:
    other = signed_in(Role.SONOGRAPHER)
    mine, theirs = _form(desk, episode), _form(other, episode)
    assert _type(other, theirs, smoker="yes", height_cm="170").status_code == 200
    merged = _type(desk, mine, diabetes="yes").get_json()
    assert set(merged["theirs"]) == {"smoker", "height_cm"}
    response = _type(desk, mine, smoker="no")
    assert response.status_code == 409
    conflict = response.get_json()["conflicts"][0]
    assert (conflict["field"], conflict["mine"], conflict["theirs"]) == ("smoker", "no", "yes")
    answers = _intake(session, episode).answers
    assert answers == {"smoker": True, "height_cm": 170, "diabetes": True}
    again = _type(desk, mine, smoker="no", seen=response.get_json()["seen"])
    assert again.status_code == 200
    assert _intake(session, episode).answers["smoker"] is False


def test_without_script_both_answers_are_shown_and_one_is_chosen(
    signed_in: SignIn, desk: Browser, episode: Episode, session: Session
) -> None:
    other = signed_in(Role.SONOGRAPHER)
    mine, theirs = _form(desk, episode), _form(other, episode)
    assert other.send(theirs, smoker="yes", prior_vte__0__leg="R").status_code == 303
    response = desk.send(mine, smoker="no", prior_vte__0__leg="L", weight_kg="70")
    assert response.status_code == 409
    page = Page(response)
    assert "Someone else answered this meanwhile" in page.main
    form = page.form("intake")
    assert form.values["smoker"] == "no"
    assert form.values["prior_vte__0__leg"] == "L"
    chosen = desk.send(form, theirs=["smoker"])
    assert chosen.status_code == 303
    answers = _intake(session, episode).answers
    assert answers == {"smoker": True, "prior_vte": [{"leg": "L"}], "weight_kg": 70}


def test_an_intake_is_finished_when_what_is_needed_was_asked(
    desk: Browser, episode: Episode, session: Session
) -> None:
    page = desk.page(_address(episode))
    assert "Ask for the warning signs." in page.main
    assert "answers are still needed" in page.main
    early = desk.post(_address(episode, "/finish"), data=page.form("intake").values)
    assert early.status_code == 422
    assert "Ask for allergies." in str(Page(early).errors)
    form = _form(desk, episode)
    done = desk.post(_address(episode, "/finish"), data={**form.values, **MINIMUM})
    assert done.status_code == 303
    intake = _intake(session, episode)
    assert intake.finished_at is not None
    assert _stage(session, episode) is Stage.INTAKE_DONE
    page = desk.page(_address(episode))
    assert "Finished" in page.main
    assert "Order the scan" in page.links
    late = _type(desk, form, smoker="yes")
    assert late.status_code == 409
    assert "finished" in late.text
    assert desk.send(page.form("/reopen")).status_code == 303
    assert _intake(session, episode).finished_at is None
    assert _stage(session, episode) is Stage.REFERRED
    steps = session.scalars(select(StepTaken.step).order_by(StepTaken.id)).all()
    assert steps == ["refer", "finish", "reopen"]


def test_a_warning_sign_stops_the_visit_unless_a_physician_says_why(
    signed_in: SignIn, desk: Browser, episode: Episode, session: Session
) -> None:
    values = {**MINIMUM, "red_flags": ["", "chest_pain"]}
    desk.send(_form(desk, episode), **values)
    page = desk.page(_address(episode))
    assert "Only a physician may go on, and says why." in page.main
    form = page.form("intake")
    refused = desk.post(_address(episode, "/finish"), data={**form.values, "reason": "Please"})
    assert refused.status_code == 422
    physician = signed_in(Role.PHYSICIAN)
    form = _form(physician, episode)
    assert "reason" in form.values
    finish = _address(episode, "/finish")
    assert physician.post(finish, data={**form.values, "reason": " "}).status_code == 422
    told = {**form.values, "reason": "Seen in the emergency room; cleared."}
    assert physician.post(finish, data=told).status_code == 303
    assert _intake(session, episode).finished_at is not None
    note = select(StepTaken.note).where(StepTaken.step == "finish")
    assert session.scalar(note) == "Seen in the emergency room; cleared."


def test_pregnancy_bars_a_treatment_but_not_the_scan(desk: Browser, episode: Episode) -> None:
    form = _form(desk, episode)
    values = {**form.values, **MINIMUM, "pregnant": "yes", "gestation_weeks": "20"}
    assert desk.post(_address(episode, "/finish"), data=values).status_code == 303
    assert "no elective procedure" in desk.page(_address(episode)).main


def test_the_severity_score_adds_up_and_says_what_contradicts_itself(
    desk: Browser, episode: Episode
) -> None:
    scored = {"pain": "2", "oedema": "1", "compression": "2", "ulcer_number": "1"}
    typed = {f"clinical__R__vcss__{item}": points for item, points in scored.items()}
    answer = _type(desk, _form(desk, episode), **typed, clinical__R__c=["", "C2"]).get_json()
    right = answer["parts"]["score-R"]
    assert ">6<" in right
    assert "4 of 10 scored" in right
    assert "C3 or higher" in right
    assert "must be C6" in right
    none = _type(desk, _form(desk, episode), clinical__L__vcss__ulcer_number="0").get_json()
    assert "3 of 10 scored" in none["parts"]["score-L"]


@pytest.mark.parametrize(
    "typed",
    [{"seen": "x"}, {"seen": "-1"}, {"unknown__field": "1"}, {"clinical__R__vcss": "1"},
     {"prior_vte": "[[["}, {"prior_vte__99__leg": "R"}, {"answers": "{}"}, {"finished_at": "x"},
     {"theirs": "smoker"}],
)  # fmt: skip
def test_odd_forms_break_nothing(
    desk: Browser, episode: Episode, session: Session, typed: dict[str, str]
) -> None:
    response = desk.send(_form(desk, episode), **typed)
    assert response.status_code in (303, 422)
    assert _intake(session, episode).finished_at is None
    assert desk.page(_address(episode)).heading == "Intake"


def test_an_administrator_takes_no_history(signed_in: SignIn, episode: Episode) -> None:
    assert signed_in(Role.ADMINISTRATOR).get(_address(episode)).status_code == 403


def test_opening_an_intake_is_written_down(
    desk: Browser, episode: Episode, session: Session
) -> None:
    desk.page(_address(episode))
    read = select(AuditRow.patient_id).where(
        AuditRow.action == "read", AuditRow.entity_type == "intake"
    )
    assert session.scalar(read) == episode.patient_id


def test_an_intake_that_is_not_there_is_not_found(desk: Browser) -> None:
    assert desk.get("/episodes/99/intake").status_code == 404
