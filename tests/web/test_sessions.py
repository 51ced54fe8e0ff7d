"""The server knows who is signed in, and forgets them when it should."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.wrappers import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import attempts, sessions, signins
from workflow.access import polling, staff_only
from workflow.domain.errors import Refused
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.staff import FailedSignIn, SignIn, Staff

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ME = "/me/sign-ins"


@pytest.fixture
def now() -> Iterator["Now"]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


Now = time_machine.Traveller


def is_in(browser: Browser, **headers: str) -> bool:
    return bool(browser.get(ME, headers=headers).status_code == 200)


def cookie(browser: Browser) -> str:
    found = browser.get_cookie("sid")
    return found.value if found else ""


def attempt(browser: Browser, username: str, password: str) -> int:
    form = browser.page("/sign-in").form("sign-in")
    return int(browser.send(form, username=username, password=password).status_code)


def test_a_cookie_captured_before_signing_out_opens_nothing_after(
    app: Flask, signed_in: Callable[[Role], Browser]
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    captured = cookie(browser)
    form = next(f for f in browser.page(ME).forms if f.action == "/sign-out")
    response = browser.send(form)
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = app.test_client()
    thief.set_cookie("sid", captured)
    assert thief.get(ME).status_code == 303


def test_the_cookie_itself_is_not_in_the_database(
    signed_in: Callable[[Role], Browser], session: Session
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    stored = session.scalar(select(SignIn.token_hash))
    assert stored is not None
    assert cookie(browser) not in stored
    assert len(cookie(browser)) == 43


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: Browser, session: Session) -> None:
    factories.staff(session, Role.PHYSICIAN)
    form = client.page("/sign-in").form("sign-in")
    response = client.send(form, username="physician", password=factories.PASSWORD)
    for line in response.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in line
        assert "SameSite=Strict" in line
        assert "Path=/" in line


def test_a_cookie_given_before_signing_in_is_not_the_one_after(
    client: Browser, session: Session
) -> None:
    factories.staff(session, Role.PHYSICIAN)
    client.set_cookie("sid", "A" * 43)
    attempt(client, "physician", factories.PASSWORD)
    assert cookie(client) != "A" * 43
    first = cookie(client)
    attempt(client, "physician", factories.PASSWORD)
    assert cookie(client) != first
    assert session.scalar(select(func.count(SignIn.id)).where(SignIn.ended_at.is_(None))) == 1


@pytest.mark.parametrize("value", ["", "x", "A" * 43, "A" * 8000, "%00", "A" * 42 + "="])
def test_a_cookie_that_names_nobody_is_nobody(client: Browser, value: str) -> None:
    assert client.get(ME, headers={"Cookie": f"sid={value}"}).status_code == 303


def test_a_sign_in_ends_after_fifteen_idle_minutes(
    signed_in: Callable[[Role], Browser], now: Now
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    now.shift(timedelta(minutes=14, seconds=59))
    assert is_in(browser)
    now.shift(timedelta(minutes=15))
    assert not is_in(browser)


def test_use_keeps_a_sign_in_alive_but_never_beyond_twelve_hours(
    signed_in: Callable[[Role], Browser], now: Now
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    for _ in range(71):
        now.shift(timedelta(minutes=10))
        assert is_in(browser)
    now.shift(timedelta(minutes=10))
    assert not is_in(browser)


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(
    app: Flask, signed_in: Callable[[Role], Browser], now: Now
) -> None:
    @app.get("/poll")
    @staff_only
    @polling
    def poll() -> str:
        return ""

    browser = signed_in(Role.PHYSICIAN)
    now.shift(timedelta(minutes=10))
    assert browser.get("/poll").status_code == 200
    assert is_in(browser, **{"X-Poll": "1"})
    now.shift(timedelta(minutes=6))
    assert not is_in(browser, **{"X-Poll": "1"})
    assert not is_in(browser)


def test_nothing_a_browser_says_makes_a_poll_count_as_use(
    app: Flask, signed_in: Callable[[Role], Browser], now: Now
) -> None:
    @app.get("/poll")
    @staff_only
    @polling
    def poll() -> str:
        return ""

    browser = signed_in(Role.PHYSICIAN)
    now.shift(timedelta(minutes=10))
    browser.get("/poll?skip_timeout_reset=0", headers={"X-Poll": "0"})
    now.shift(timedelta(minutes=6))
    assert not is_in(browser)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=3650)])
def test_a_clock_set_back_neither_signs_out_nor_extends(
    signed_in: Callable[[Role], Browser], now: Now, back: timedelta, session: Session
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    now.shift(-back)
    assert is_in(browser)
    expires = session.scalar(select(SignIn.expires_at).where(signins.PASSED))
    assert expires is not None
    assert expires <= NOON - back + signins.LONGEST
    now.shift(timedelta(minutes=15))
    assert not is_in(browser)


def test_a_clock_set_forward_signs_out(signed_in: Callable[[Role], Browser], now: Now) -> None:
    browser = signed_in(Role.PHYSICIAN)
    now.shift(timedelta(days=1))
    assert not is_in(browser)


def test_a_change_of_role_holds_from_the_next_request(
    signed_in: Callable[[Role], Browser], session: Session
) -> None:
    browser = signed_in(Role.ADMINISTRATOR)
    assert browser.get("/staff").status_code == 200
    factories.staff(session, Role.ADMINISTRATOR).role = Role.FRONT_DESK
    assert browser.get("/staff").status_code == 403


def test_whoever_is_no_longer_active_is_out_at_once(
    signed_in: Callable[[Role], Browser], session: Session
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    factories.staff(session, Role.PHYSICIAN).active = False
    assert not is_in(browser)
    assert attempt(browser, "physician", factories.PASSWORD) == 422


def test_of_more_than_three_sign_ins_the_oldest_end(
    signed_in: Callable[[Role], Browser], now: Now
) -> None:
    browsers = []
    for _ in range(4):
        browsers.append(signed_in(Role.PHYSICIAN))
        now.shift(timedelta(minutes=1))
    assert [is_in(browser) for browser in browsers] == [False, True, True, True]


def test_a_person_ends_another_of_their_sign_ins(
    signed_in: Callable[[Role], Browser],
) -> None:
    tablet, desk = signed_in(Role.PHYSICIAN), signed_in(Role.PHYSICIAN)
    form = next(form for form in desk.page(ME).forms if form.action.endswith("/end"))
    assert desk.send(form).status_code == 303
    assert is_in(desk)
    assert not is_in(tablet)


def test_a_persons_sign_in_is_not_anothers_to_end(
    signed_in: Callable[[Role], Browser], session: Session
) -> None:
    physician = signed_in(Role.PHYSICIAN)
    theirs = session.scalar(select(SignIn.id))
    desk = signed_in(Role.FRONT_DESK)
    token = next(f for f in desk.page(ME).forms if f.action == "/sign-out").values["csrf_token"]
    response = desk.post(f"/me/sign-ins/{theirs}/end", data={"csrf_token": token})
    assert response.status_code == 404
    assert is_in(physician)


def test_five_wrong_passwords_lock_that_person_at_that_address(
    app: Flask, client: Browser, session: Session, now: Now
) -> None:
    factories.staff(session, Role.SONOGRAPHER)
    for _ in range(attempts.LOCKED_AFTER):
        assert attempt(client, "sonographer", "wrong") == 422
    assert attempt(client, "sonographer", factories.PASSWORD) == 422
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert attempt(elsewhere, "sonographer", factories.PASSWORD) == 303  # type: ignore[arg-type]
    now.shift(attempts.LOCKED_FOR)
    assert attempt(client, "sonographer", factories.PASSWORD) == 303
    assert session.scalar(select(func.count()).select_from(FailedSignIn)) == 0


def test_names_that_do_not_exist_leave_nothing_in_the_database(
    client: Browser, session: Session
) -> None:
    for number in range(8):
        attempt(client, f"nobody{number}", "wrong")
    assert session.scalar(select(func.count()).select_from(FailedSignIn)) == 0
    assert session.scalar(select(func.count()).select_from(AuditRow)) == 0


def _states(session: Session, client: Browser) -> dict[str, tuple[str, str]]:
    factories.staff(session, Role.PHYSICIAN)
    factories.staff(session, Role.FRONT_DESK).active = False
    factories.staff(session, Role.SONOGRAPHER)
    session.commit()
    for _ in range(attempts.LOCKED_AFTER):
        attempt(client, "sonographer", "wrong")
    return {
        "unknown": ("nobody", "wrong"),
        "wrong": ("physician", "wrong"),
        "locked": ("sonographer", factories.PASSWORD),
        "disabled": ("frontdesk", factories.PASSWORD),
    }


def test_every_failure_to_sign_in_is_answered_alike(client: Browser, session: Session) -> None:
    answers = set()
    for username, password in _states(session, client).values():
        form = client.page("/sign-in").form("sign-in")
        response = client.send(form, username=username, password=password)
        page = Page(response)
        answers.add((response.status_code, page.main.replace(username, ""), tuple(page.errors)))
    assert len(answers) == 1


def test_a_hash_is_computed_whoever_it_is_for(
    client: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes the time is the hash: it is computed once in each case, and with equal cost."""
    states = _states(session, client)
    costs: list[float] = []
    from workflow import passwords

    real = passwords.is_right

    def timed(stored: str | None, password: str) -> bool:
        started = time.perf_counter()
        answer = real(stored, password)
        costs.append(time.perf_counter() - started)
        return answer

    monkeypatch.setattr(passwords, "is_right", timed)
    for username, password in states.values():
        attempt(client, username, password)
    assert len(costs) == len(states)
    assert statistics.median(costs) > 0


def test_the_password_is_asked_again_and_wrong_ones_are_counted(
    app: Flask, signed_in: Callable[[Role], Browser], session: Session
) -> None:
    answers: list[str] = []

    @app.get("/confirm/<word>")
    @staff_only
    def confirm(word: str) -> str:
        try:
            sessions.confirm_password(factories.PASSWORD if word == "right" else word)
        except Refused as refusal:
            answers.append(str(refusal))
        else:
            answers.append("confirmed")
        return ""

    browser = signed_in(Role.PHYSICIAN)
    browser.get("/confirm/right")
    for _ in range(attempts.LOCKED_AFTER):
        browser.get("/confirm/wrong")
    browser.get("/confirm/right")
    assert answers == ["confirmed"] + [sessions.NOT_CONFIRMED] * (attempts.LOCKED_AFTER + 1)


def test_confirming_changes_the_cookie(
    app: Flask, signed_in: Callable[[Role], Browser], now: Now
) -> None:
    fresh: list[bool] = []

    @app.get("/again")
    @staff_only
    def again() -> Response:
        fresh.append(sessions.is_fresh())
        sessions.reauthenticate(factories.PASSWORD)
        return app.make_response("")

    browser = signed_in(Role.PHYSICIAN)
    before = cookie(browser)
    now.shift(timedelta(minutes=6))
    browser.get("/again")
    browser.get("/again")
    assert cookie(browser) != before
    assert is_in(browser)
    assert fresh == [False, True]


def test_a_form_stays_good_as_long_as_the_sign_in(
    signed_in: Callable[[Role], Browser], now: Now
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    form = next(form for form in browser.page(ME).forms if form.action == "/sign-out")
    for _ in range(12):
        now.shift(timedelta(minutes=10))
        assert is_in(browser)
    assert browser.send(form).status_code == 303


def test_a_form_opened_before_signing_in_is_not_good_after(
    client: Browser, session: Session
) -> None:
    factories.staff(session, Role.PHYSICIAN)
    form = client.page("/sign-in").form("sign-in")
    assert client.send(form, username="physician", password=factories.PASSWORD).status_code == 303
    assert client.send(form, username="physician", password=factories.PASSWORD).status_code == 400


def test_who_is_signed_in_is_known_by_role(
    signed_in: Callable[[Role], Browser], session: Session
) -> None:
    signed_in(Role.SONOGRAPHER)
    assert session.scalar(select(Staff.name)) == "Sona Test"


def unlock(browser: Browser, password: str, token: str = "") -> int:
    token = token or next(f for f in browser.page("/sign-in").forms).values["csrf_token"]
    values = {"csrf_token": token, "password": password}
    return int(browser.post("/me/unlock", data=values).status_code)


def test_a_locked_sign_in_opens_again_with_the_password_and_keeps_the_forms(
    signed_in: Callable[[Role], Browser], now: Now
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    form = next(form for form in browser.page(ME).forms if form.action == "/me/unlock")
    before, token = cookie(browser), form.values["csrf_token"]
    now.shift(timedelta(minutes=20))
    assert not is_in(browser)
    assert unlock(browser, "not this one", token) == 422
    assert not is_in(browser)
    assert unlock(browser, factories.PASSWORD, token) == 204
    assert is_in(browser)
    assert cookie(browser) != before
    sign_out = next(form for form in browser.page(ME).forms if form.action == "/sign-out")
    assert sign_out.values["csrf_token"]
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_only_five_passwords_are_tried_on_a_locked_sign_in(
    signed_in: Callable[[Role], Browser], now: Now
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    now.shift(timedelta(minutes=20))
    for _ in range(attempts.LOCKED_AFTER):
        assert unlock(browser, "not this one") == 422
    assert unlock(browser, factories.PASSWORD) == 422
    now.shift(attempts.LOCKED_FOR)
    assert unlock(browser, factories.PASSWORD) == 204


def test_a_sign_in_that_ended_is_not_opened_again(
    signed_in: Callable[[Role], Browser], client: Browser, session: Session, now: Now
) -> None:
    old, revoked, suspended = (
        signed_in(role) for role in (Role.PHYSICIAN, Role.SONOGRAPHER, Role.FRONT_DESK)
    )
    row = session.scalars(
        select(SignIn).join(Staff).where(Staff.role == Role.SONOGRAPHER, signins.PASSED)
    ).one()
    row.ended_at = NOON
    factories.staff(session, Role.FRONT_DESK).active = False
    now.shift(signins.LONGEST)
    for browser in (old, revoked, suspended, client):
        assert unlock(browser, factories.PASSWORD) == 401


def test_a_begun_sign_in_is_not_opened_by_unlocking(client: Browser, session: Session) -> None:
    factories.staff(session, Role.PHYSICIAN)
    client.sign_in("physician", factories.PASSWORD, "000000")
    assert unlock(client, factories.PASSWORD) == 401
    assert not is_in(client)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=30)])
def test_unlocking_with_the_clock_set_back_extends_nothing(
    signed_in: Callable[[Role], Browser], session: Session, now: Now, back: timedelta
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    now.shift(-back)
    assert unlock(browser, factories.PASSWORD) == 204
    expires = session.scalar(select(SignIn.expires_at).where(signins.PASSED))
    assert expires is not None
    assert expires <= NOON - back + signins.LONGEST


def test_use_is_told_and_keeps_a_sign_in_open(
    signed_in: Callable[[Role], Browser], now: Now
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    form = next(form for form in browser.page(ME).forms if form.action == "/me/unlock")
    for _ in range(3):
        now.shift(timedelta(minutes=10))
        sent = browser.post("/me/here", data={"csrf_token": form.values["csrf_token"]})
        assert sent.status_code == 204
    assert is_in(browser)


def test_locked_sign_ins_are_listed_and_can_be_ended(
    signed_in: Callable[[Role], Browser], now: Now
) -> None:
    tablet = signed_in(Role.PHYSICIAN)
    now.shift(timedelta(minutes=20))
    desk = signed_in(Role.PHYSICIAN)
    page = desk.page(ME)
    assert "Locked" in page.main
    desk.send(next(form for form in page.forms if form.action.endswith("/end")))
    assert unlock(tablet, factories.PASSWORD) == 401
