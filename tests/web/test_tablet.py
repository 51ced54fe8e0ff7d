"""A patient answers on the clinic's tablet, and staff confirm what was told."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter

from tests import factories
from tests.browser import Browser
from workflow import access, clock
from workflow.domain.staff import Role
from workflow.intake import for_patient
from workflow.intake.asked import Question
from workflow.intake.kinds import Pick
from workflow.intake.lists import Rows, Several
from workflow.intake.patient_words import WORDS
from workflow.intake.questions import QUESTIONS
from workflow.models.audit import AuditRow
from workflow.models.history import Edit
from workflow.models.patient import Episode
from workflow.models.staff import SignIn, Staff
from workflow.models.tablet import Tablet, Told, ToldAnswer

SignInAs = Callable[[Role], Browser]


def _episode(session: Session, name: str = "Anna Sample", language: str = "en") -> Episode:
    return factories.known_patient(session, name, date(1985, 3, 12), language=language).episodes[0]


@pytest.fixture
def episode(session: Session) -> Episode:
    return _episode(session)


@pytest.fixture
def desk(signed_in: SignInAs) -> Browser:
    return signed_in(Role.FRONT_DESK)


def _hand(browser: Browser, episode: Episode) -> Browser:
    form = browser.page(f"/episodes/{episode.id}/intake").form("/tablet")
    response = browser.send(form)
    assert (response.status_code, response.location) == (303, "/tablet")
    return browser


@pytest.fixture
def tablet(desk: Browser, episode: Episode) -> Browser:
    """The front desk's browser, handed to the patient."""
    return _hand(desk, episode)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time pass."""
    real = clock.now

    def shift(by: timedelta) -> None:
        def moved() -> datetime:
            return real() + by

        monkeypatch.setattr(clock, "now", moved)

    return shift


def _answer(browser: Browser, name: str, then: str = "next", **typed: Any) -> Any:
    form = browser.page(f"/tablet/{name}").form("answer")
    boxes = {key: form.values[key] for key in ("csrf_token",)}
    return browser.post(form.action, data={**boxes, **typed, "then": then})


def _back(browser: Browser, password: str = factories.PASSWORD) -> Any:
    return browser.send(browser.page("/tablet/back").form("/tablet/back"), password=password)


def _told(session: Session, name: str) -> ToldAnswer | None:
    session.expire_all()
    return session.scalars(select(ToldAnswer).where(ToldAnswer.question == name)).first()


def _settle(browser: Browser, episode: Episode, **chosen: str) -> Any:
    form = browser.page(f"/episodes/{episode.id}/told").form("told")
    values = {k: v for k, v in form.values.items() if not k.startswith("told-")}
    picks = {f"told-{name}": what for name, what in chosen.items()}
    return browser.post(form.action, data={**values, **picks})


# Authorisation and isolation.


def _address(app: Flask, rule: Any) -> str:
    def value(converter: Any) -> object:
        if isinstance(converter, access.IdConverter):
            return 1
        return min(converter.items) if isinstance(converter, AnyConverter) else "x"

    values = {name: value(rule._converters[name]) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def test_the_tablet_opens_its_own_pages_and_no_other_address(app: Flask, tablet: Browser) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    opened = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in {"static", "csp", "clinic.picture"} or rule.rule.startswith("/tablet"):
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            response = tablet.open(_address(app, rule), method=method)
            led_back = response.status_code == 303 and response.location == "/tablet"
            if not (led_back if method == "GET" else response.status_code == 403):
                opened.append((method, rule.rule, response.status_code))
    assert opened == []


def test_an_address_that_the_tablet_may_not_open_is_written_down(
    session: Session, tablet: Browser, episode: Episode
) -> None:
    tablet.get(f"/patients/{episode.patient_id}")
    row = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
    assert row is not None
    assert (row.outcome, row.role, row.action) == ("denied", "patient", "GET intake.patient")


def test_the_staff_cookie_opens_nothing_while_it_is_put_aside(
    app: Flask, desk: Browser, episode: Episode
) -> None:
    cookie = desk.get_cookie("sid")
    assert cookie is not None
    _hand(desk, episode)
    assert desk.get_cookie("sid") is None
    replay = app.test_client()
    replay.set_cookie("sid", cookie.value)
    assert replay.get("/patients").status_code == 303
    assert "/sign-in" in replay.get("/patients").location


def test_the_tablet_shows_and_keeps_one_patient_only(
    session: Session, desk: Browser, episode: Episode
) -> None:
    other = _episode(session, "Bert Other")
    _hand(desk, episode)
    assert "Anna Sample" in desk.page("/tablet").main
    ids = {"episode_id": str(other.id), "intake_id": str(other.intake.id), "patient_id": "2"}
    _answer(desk, "smoker", smoker="yes", **ids)
    row = _told(session, "smoker")
    assert row is not None
    assert row.intake_id == episode.intake.id
    assert session.scalars(select(ToldAnswer)).all() == [row]


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.SONOGRAPHER, Role.PHYSICIAN])
def test_who_takes_an_intake_may_hand_the_tablet_over(
    signed_in: SignInAs, episode: Episode, role: Role
) -> None:
    _hand(signed_in(role), episode)


def test_a_finished_intake_is_not_handed_over(
    session: Session, desk: Browser, episode: Episode
) -> None:
    form = desk.page(f"/episodes/{episode.id}/intake").form("/tablet")
    episode.intake.finished_at = clock.now()
    assert desk.send(form).status_code == 409
    assert session.scalars(select(Tablet)).all() == []


def test_forms_on_the_tablet_need_their_token(session: Session, tablet: Browser) -> None:
    for address in ("/tablet/smoker", "/tablet/back", "/tablet/language"):
        assert tablet.post(address, data={"smoker": "yes"}).status_code == 400
    assert _told(session, "smoker") is None


def test_a_form_opened_before_the_hand_over_is_not_good_after(
    desk: Browser, episode: Episode
) -> None:
    token = desk.page(f"/episodes/{episode.id}/intake").form("intake").values["csrf_token"]
    _hand(desk, episode)
    sent = {"csrf_token": token, "smoker": "yes", "then": "next"}
    assert desk.post("/tablet/smoker", data=sent).status_code == 400


# Taking it back.


def test_the_staff_password_takes_the_tablet_back_and_nothing_else_does(
    session: Session, tablet: Browser, episode: Episode
) -> None:
    assert _back(tablet, "not this one").status_code == 422
    assert tablet.get("/patients").location == "/tablet"
    response = _back(tablet)
    assert response.location == f"/episodes/{episode.id}/intake"
    assert "Hand to the patient" in tablet.page(response.location).main
    assert tablet.get("/tablet").status_code == 403
    kinds = session.scalars(select(AuditRow.action).where(AuditRow.entity_type == "tablet")).all()
    assert kinds == ["tablet.handed", "tablet.returned"]


def test_the_tablet_closes_after_half_an_hour_and_keeps_the_answers(
    session: Session, tablet: Browser, later: Callable[[timedelta], None]
) -> None:
    _answer(tablet, "smoker", smoker="yes")
    later(timedelta(minutes=29))
    assert tablet.get("/tablet/smoker").status_code == 200
    later(timedelta(minutes=29 + 31))
    assert tablet.get("/tablet/smoker").location == "/tablet/back"
    assert tablet.get("/patients").location == "/tablet"
    page = tablet.page("/tablet/back")
    assert "Your answers are saved" in page.main
    assert "Anna" not in page.text
    assert _back(tablet).status_code == 303
    row = _told(session, "smoker")
    assert row is not None
    assert row.cell == "yes"


def test_the_tablet_closes_after_two_hours_of_use(
    tablet: Browser, later: Callable[[timedelta], None]
) -> None:
    for minutes in range(20, 120, 20):
        later(timedelta(minutes=minutes))
        assert tablet.get("/tablet").status_code == 200
    later(timedelta(minutes=121))
    assert tablet.get("/tablet").location == "/tablet/back"


@pytest.mark.parametrize("ended", ["revoked", "suspended"])
def test_the_tablet_is_over_once_its_staff_member_is_shut_out(
    session: Session, tablet: Browser, ended: str
) -> None:
    if ended == "revoked":
        session.scalars(select(SignIn)).one().ended_at = clock.now()
    else:
        session.scalars(select(Staff)).one().active = False
    assert tablet.get("/tablet").location.startswith("/sign-in")
    assert tablet.get("/patients").location.startswith("/sign-in")


# Answering.


def test_each_answer_is_saved_as_it_is_given_and_leads_to_the_next(
    session: Session, tablet: Browser, episode: Episode
) -> None:
    first = tablet.page("/tablet")
    assert "/tablet/red_flags" in first.html
    response = _answer(tablet, "red_flags", red_flags=["none"])
    assert response.location == "/tablet/concern"
    row = _told(session, "red_flags")
    assert row is not None
    assert (row.said, row.cell, row.outcome) == (Told.ANSWERED, "none", None)
    assert episode.intake.answers == {}
    told = session.scalars(select(AuditRow).where(AuditRow.action == "intake.told")).one()
    assert (told.role, told.patient_id) == ("patient", episode.patient_id)


def test_a_follow_up_is_asked_only_after_its_yes(tablet: Browser) -> None:
    assert tablet.get("/tablet/cramps__side").status_code == 404
    assert _answer(tablet, "cramps__present", cramps__present="yes").location == (
        "/tablet/cramps__side"
    )
    assert tablet.get("/tablet/cramps__side").status_code == 200


def test_skip_and_not_knowing_are_kept_apart_from_no(session: Session, tablet: Browser) -> None:
    _answer(tablet, "diabetes", then="unknown")
    _answer(tablet, "smoker", then="skip")
    said = {row.question: row.said for row in session.scalars(select(ToldAnswer))}
    assert said == {"diabetes": Told.UNKNOWN, "smoker": Told.SKIPPED}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Type it like 5 ft 5, or 165 cm."), ("es", "Escríbala así: 165 cm, o 5 ft 5.")],
)
def test_a_bad_answer_gets_a_sentence_in_the_patients_language_and_stays_typed(
    session: Session, desk: Browser, language: str, sentence: str
) -> None:
    _hand(desk, _episode(session, language=language))
    response = _answer(desk, "height_cm", height_cm="very tall")
    assert response.status_code == 422
    assert sentence in response.text
    assert 'value="very tall"' in response.text
    assert f'<html lang="{language}"' in response.text
    row = _told(session, "height_cm")
    assert row is not None
    assert (row.said, row.cell) == (Told.UNCLEAR, "very tall")
    assert sentence in desk.page("/tablet/height_cm").main


def test_an_empty_answer_is_asked_for_again_and_nothing_is_kept(
    session: Session, tablet: Browser
) -> None:
    response = _answer(tablet, "smoker")
    assert response.status_code == 422
    assert "If you would rather not say, press Skip." in response.text
    assert _told(session, "smoker") is None


def test_back_keeps_what_was_typed(session: Session, tablet: Browser) -> None:
    response = _answer(tablet, "weight_kg", then="back", weight_kg="154 lb")
    assert response.location == "/tablet/height_cm"
    row = _told(session, "weight_kg")
    assert row is not None
    assert row.cell == "69.9"


def test_none_and_something_else_is_not_taken(tablet: Browser) -> None:
    response = _answer(tablet, "allergies", allergies=["latex", "none"])
    assert response.status_code == 422
    assert "Keep one or the other." in response.text


def test_a_spanish_date_is_read(session: Session, desk: Browser) -> None:
    _hand(desk, _episode(session, language="es"))
    _answer(desk, "compression_tried", compression_tried="yes")
    response = _answer(
        desk, "compression_trial__start", compression_trial__start="19 de enero de 2026"
    )
    assert response.status_code == 303
    row = _told(session, "compression_trial__start")
    assert row is not None
    assert row.cell == "19 Jan 2026"


def test_earlier_treatments_are_told_one_after_the_other(
    session: Session, tablet: Browser, episode: Episode
) -> None:
    name = "prior_vein_procedures"
    first = {f"{name}__0__leg": "R", f"{name}__0__technique": "laser", f"{name}__0__date": "2019"}
    assert _answer(tablet, name, then="more", **first).location == f"/tablet/{name}"
    form = tablet.page(f"/tablet/{name}").form("answer")
    assert form.values[f"{name}__0__technique"] == "laser"
    assert f"{name}__1__technique" in form.values
    _back(tablet)
    _settle(tablet, episode, **{name: "confirm"})
    session.expire_all()
    assert episode.intake.answers[name] == [{"leg": "R", "technique": "laser", "year": 2019}]


def test_the_patient_changes_the_language_at_the_same_question(tablet: Browser) -> None:
    form = next(f for f in tablet.page("/tablet/smoker").forms if f.buttons == ["Español"])
    response = tablet.post(form.action, data={**form.values, "language": "es"})
    assert response.location == "/tablet/smoker"
    assert "¿Fuma?" in tablet.page("/tablet/smoker").main


def test_it_ends_with_thanks_and_says_what_was_skipped(tablet: Browser) -> None:
    assert _answer(tablet, "insurer", insurer="Highmark").location == "/tablet/done"
    assert tablet.page("/tablet/done").heading == "Thank you. Hand the tablet back"
    assert "Highmark" in tablet.page("/tablet/answers").main


# Warning signs.


def test_a_warning_sign_asks_the_patient_to_show_it_and_alerts_staff(
    tablet: Browser, episode: Episode
) -> None:
    assert _answer(tablet, "red_flags", red_flags=["chest_pain"]).location == "/tablet/now"
    page = tablet.page("/tablet/now")
    assert "Show this screen to someone at the desk now" in page.main
    assert "Pain in my chest" in page.main
    onward = _back(tablet).location
    page = tablet.page(onward)
    assert "Told by the patient, to be confirmed." in page.main
    _settle(tablet, episode, red_flags="confirm")
    told_alert = tablet.page(onward).main
    assert "Told by the patient" not in told_alert
    assert "chest pain" in told_alert.lower()


# Confirming.


def test_told_answers_are_marked_and_hold_up_the_finish_until_confirmed(
    session: Session, tablet: Browser, episode: Episode
) -> None:
    _answer(tablet, "smoker", smoker="yes")
    _answer(tablet, "mobility", mobility="aided")
    _back(tablet)
    page = tablet.page(f"/episodes/{episode.id}/intake")
    assert "2 answers told by the patient, to be confirmed" in page.main
    assert re.search(r"Told by the patient\s?: Yes\s?\. To be confirmed\.", page.main)
    assert "2 answers told on the tablet still to be confirmed" in page.main
    assert _settle(tablet, episode, smoker="confirm").location.endswith("/told")
    assert _settle(tablet, episode, mobility="aside").location.endswith("/intake")
    session.expire_all()
    assert episode.intake.answers == {"smoker": True}
    edit = session.scalars(select(Edit).where(Edit.cell == "smoker")).one()
    assert (edit.before, edit.after) == ("", "yes")
    page = tablet.page(f"/episodes/{episode.id}/intake")
    assert "to be confirmed" not in page.main


def test_what_staff_entered_stays_beside_what_the_patient_told(
    session: Session, desk: Browser, episode: Episode
) -> None:
    form = desk.page(f"/episodes/{episode.id}/intake").form("intake")
    desk.send(form, smoker="no")
    _hand(desk, episode)
    _answer(desk, "smoker", smoker="yes")
    _back(desk)
    session.expire_all()
    assert episode.intake.answers["smoker"] is False
    page = desk.page(f"/episodes/{episode.id}/told")
    assert "The patient Yes The intake No" in page.main
    assert "told-smoker" not in {k for k, v in page.form("told").values.items() if v}
    _settle(desk, episode, smoker="aside")
    session.expire_all()
    assert episode.intake.answers["smoker"] is False


def test_an_answer_that_the_patient_changed_meanwhile_is_looked_at_again(
    session: Session, signed_in: SignInAs, tablet: Browser, episode: Episode
) -> None:
    _answer(tablet, "smoker", smoker="no")
    sono = signed_in(Role.SONOGRAPHER)
    form = sono.page(f"/episodes/{episode.id}/told").form("told")
    _answer(tablet, "smoker", smoker="yes")
    response = sono.post(form.action, data={**form.values, "told-smoker": "confirm"})
    assert response.status_code == 409
    session.expire_all()
    assert episode.intake.answers == {}


def test_text_that_is_not_understood_is_not_confirmed(
    session: Session, tablet: Browser, episode: Episode
) -> None:
    _answer(tablet, "height_cm", height_cm="very tall")
    _back(tablet)
    assert "not understood" in tablet.page(f"/episodes/{episode.id}/told").main
    assert _settle(tablet, episode, height_cm="confirm").status_code == 409
    assert _settle(tablet, episode, height_cm="aside").status_code == 303
    session.expire_all()
    assert episode.intake.answers == {}


# The words.


def _answers_of(question: Question) -> set[str]:
    kind = question.kind
    words = {word for word, _ in kind.choices} if isinstance(kind, Several | Pick) else set()
    if kind.look == "scale":
        return set()
    none = (
        {"none"} if isinstance(kind, Rows) or (isinstance(kind, Several) and kind.none) else set()
    )
    return words | none


@pytest.mark.parametrize("language", list(WORDS))
def test_every_question_for_a_patient_has_words_for_every_answer(language: str) -> None:
    words = WORDS[language]
    assert list(words.questions) == list(WORDS["en"].questions)
    assert words.said.keys() == WORDS["en"].said.keys()
    for name in words.questions:
        question = QUESTIONS[name]
        known = words.answers.get(name.removesuffix("__R").removesuffix("__L"), {})
        assert _answers_of(question) <= known.keys(), name
        if isinstance(question.kind, Rows):
            assert set(words.columns[name]) <= {each.key for each in question.kind.columns}


def test_the_patient_is_asked_the_intakes_own_questions_and_only_for_their_sex() -> None:
    def names(sex: str) -> set[str]:
        asked = for_patient.patient_questions(sex, date(1985, 3, 12), date(2026, 5, 4), {})
        return {question.name for question in asked}

    assert names("F") - names("M") == {"pregnant", "breastfeeding"}
    assert names("M") <= QUESTIONS.keys()


BAD = (
    "NaN",
    "1e309",
    "-1",
    "x" * 30_000,
    "<script>x</script>",
    "\u202egnp",
    "[]",
    '[{"leg": 1}]',
    "٣",
)


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_no_text_at_any_question_is_lost_or_breaks_the_tablet(tablet: Browser, text: str) -> None:
    leading = ("cramps__present", "pregnant", "anticoagulated", "compression_tried")
    for name in leading:
        _answer(tablet, name, **{name: "yes"})
    for name in [*(each for each in WORDS["en"].questions if each not in leading), *leading]:
        kind = QUESTIONS[name].kind
        boxes = (
            [f"{name}__0__{each.key}" for each in kind.columns] if isinstance(kind, Rows) else []
        )
        response = _answer(tablet, name, **dict.fromkeys(boxes or [name], text))
        assert response.status_code in {303, 422}, name
        assert tablet.get(f"/tablet/{name}").status_code == 200, name
        assert "<script>x" not in response.text
    assert tablet.get("/tablet/answers").status_code == 200
    assert tablet.get("/tablet/done").status_code == 200
