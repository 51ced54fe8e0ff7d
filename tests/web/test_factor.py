"""The second factor: an authenticator's code, once, or a recovery code, once."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import clock, home, sealing
from workflow.accounts import actions, factor
from workflow.domain.errors import Refused
from workflow.domain.staff import Role
from workflow.models.audit import AuditRow
from workflow.models.factor import RecoveryCode, SecondFactor
from workflow.models.installation import Kind
from workflow.models.staff import SignIn, Staff
from workflow.settings import Settings

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ME = "/me/sign-ins"
Now = time_machine.Traveller


@pytest.fixture
def now() -> Iterator[Now]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def newcomer(session: Session, role: Role) -> Staff:
    """Return someone of this role who has never signed in."""
    made = actions.add_staff(
        session,
        username="newcomer",
        name="New Comer",
        credentials="",
        role=role,
        password=factories.PASSWORD,
        by=None,
        at=clock.now(),
    )
    session.commit()
    return made


def enrolled(browser: Browser, address: str) -> tuple[str, list[str]]:
    """Set up an authenticator on this page; return its secret and the recovery codes."""
    page = browser.page(address)
    secret = re.search(r'data-secret="([A-Z2-7]{32})"', page.html)
    assert secret
    shown = pyotp.TOTP(secret[1]).at(clock.now())
    after = Page(browser.send(page.form("Take it into use"), code=shown))
    return secret[1], re.findall(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", after.main)


def is_in(browser: Browser) -> bool:
    return bool(browser.get(ME).status_code == 200)


def gives(app: Flask, username: str, code: str) -> bool:
    """Say whether a new browser gets in with the right password and this code."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.sign_in(username, factories.PASSWORD, code)
    return is_in(browser)


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.ADMINISTRATOR])
def test_who_needs_a_second_factor_sets_it_up_before_coming_in(
    app: Flask, client: Browser, session: Session, now: Now, role: Role
) -> None:
    newcomer(session, role)
    response = client.sign_in("newcomer", factories.PASSWORD)
    assert response.location.startswith("/sign-in/enrol")
    assert not is_in(client)
    assert client.get("/sign-in/code").status_code == 200
    secret, codes = enrolled(client, "/sign-in/enrol")
    assert is_in(client)
    assert len(set(codes)) == factor.RECOVERY_CODES
    now.shift(timedelta(seconds=30))
    assert gives(app, "newcomer", pyotp.TOTP(secret).at(clock.now()))


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.SONOGRAPHER])
def test_who_needs_none_comes_in_with_the_password(
    client: Browser, session: Session, role: Role
) -> None:
    newcomer(session, role)
    client.sign_in("newcomer", factories.PASSWORD)
    assert is_in(client)
    assert "Not set up" in client.page(ME).main


class TestInADemo:
    @pytest.fixture
    def kind(self) -> Kind:
        return Kind.DEMO

    def test_nobody_needs_one_and_anyone_may_set_one_up_and_give_it_up(
        self, app: Flask, client: Browser, session: Session, now: Now
    ) -> None:
        newcomer(session, Role.PHYSICIAN)
        client.sign_in("newcomer", factories.PASSWORD)
        assert is_in(client)
        client.send(client.page("/me/factor").form("Go on"), password=factories.PASSWORD)
        secret, _ = enrolled(client, "/me/factor/prove")
        assert not gives(app, "newcomer", "")
        now.shift(timedelta(seconds=30))
        assert gives(app, "newcomer", pyotp.TOTP(secret).at(clock.now()))
        form = client.page("/me/factor/remove").form("Remove it")
        assert client.send(form, password=factories.PASSWORD).status_code == 303
        assert gives(app, "newcomer", "")


def test_a_required_second_factor_is_not_given_up(
    signed_in: Callable[[Role], Browser], session: Session
) -> None:
    browser = signed_in(Role.PHYSICIAN)
    form = browser.page("/me/factor/remove").form("Remove it")
    response = browser.send(form, password=factories.PASSWORD)
    assert response.status_code == 422
    assert "required of every physician" in Page(response).main
    assert session.scalars(select(SecondFactor)).one().secret is not None


def test_a_right_password_alone_opens_nothing(client: Browser, session: Session) -> None:
    factories.staff(session, Role.PHYSICIAN)
    client.sign_in("physician", factories.PASSWORD, "000000")
    before = client.get_cookie("sid")
    assert before is not None
    for address in (ME, "/", "/patients", "/me/factor", "/me/factor/prove", "/me/password"):
        assert client.get(address).status_code == 303, address
    assert session.scalars(select(SignIn)).one().passed_at is None


def test_the_cookie_changes_once_the_code_is_right(client: Browser, session: Session) -> None:
    physician = factories.staff(session, Role.PHYSICIAN)
    client.sign_in("physician", factories.PASSWORD, "000000")
    before = client.get_cookie("sid")
    form = client.page("/sign-in/code").form("sign-in")
    client.send(form, code=factories.code(session, physician))
    after = client.get_cookie("sid")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    client.set_cookie("sid", before.value)
    assert not is_in(client)


def test_a_code_is_good_once(app: Flask, session: Session, now: Now) -> None:
    code = factories.code(session, factories.staff(session, Role.PHYSICIAN))
    assert gives(app, "physician", code)
    assert not gives(app, "physician", code)
    now.shift(timedelta(seconds=30))
    assert not gives(app, "physician", code)


@pytest.mark.parametrize(
    ("early_s", "wanted"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)]
)
def test_a_code_may_be_one_step_early_or_late(
    app: Flask, session: Session, now: Now, early_s: int, *, wanted: bool
) -> None:
    code = factories.code(session, factories.staff(session, Role.PHYSICIAN))
    now.shift(timedelta(seconds=early_s))
    assert gives(app, "physician", code) is wanted


def test_a_code_is_read_with_spaces_and_nothing_else_is_one(app: Flask, session: Session) -> None:
    physician = factories.staff(session, Role.PHYSICIAN)
    code = factories.code(session, physician)
    for typed in (
        "",
        " ",
        code[:5],
        f"{code}0",
        code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ):
        assert not gives(app, "physician", typed)
    code = factories.code(session, physician)
    assert gives(app, "physician", f" {code[:3]} {code[3:]} ")


def test_after_five_wrong_codes_a_right_one_waits_a_quarter_of_an_hour(
    app: Flask, session: Session, now: Now
) -> None:
    physician = factories.staff(session, Role.PHYSICIAN)
    for _ in range(factor.TRIES):
        assert not gives(app, "physician", "000000")
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert isinstance(elsewhere, Browser)
    elsewhere.sign_in("physician", factories.PASSWORD, factories.code(session, physician))
    assert not is_in(elsewhere)
    now.shift(factor.LOCKED_FOR)
    assert gives(app, "physician", factories.code(session, physician))


def test_a_wrong_a_used_and_a_locked_code_are_answered_alike(
    client: Browser, session: Session, now: Now
) -> None:
    physician = factories.staff(session, Role.PHYSICIAN)
    good = factories.code(session, physician)
    client.sign_in("physician", factories.PASSWORD, good)
    answers = set()
    for code in (good, "000000", "aaaa-bbbb-cccc", "000000", "000000", "000000"):
        page = Page(client.sign_in("physician", factories.PASSWORD, code))
        answers.add((page.status, page.main.replace(code, "")))
    locked = Page(
        client.sign_in("physician", factories.PASSWORD, factories.code(session, physician))
    )
    answers.add((locked.status, locked.main))
    assert len(answers) == 1
    reasons = session.scalars(
        select(AuditRow.reason).where(AuditRow.action == "give second factor")
    )
    assert reasons.all() == ["wrong code"] * 5 + ["locked"] * 2


def test_a_begun_sign_in_is_over_after_a_quarter_of_an_hour(
    client: Browser, session: Session, now: Now
) -> None:
    physician = factories.staff(session, Role.PHYSICIAN)
    client.sign_in("physician", factories.PASSWORD, "000000")
    form = client.page("/sign-in/code").form("sign-in")
    now.shift(timedelta(minutes=15))
    response = client.send(form, code=factories.code(session, physician))
    assert response.location.startswith("/sign-in?")
    assert not is_in(client)


def test_a_recovery_code_is_good_once_however_it_is_typed(
    app: Flask, client: Browser, session: Session
) -> None:
    newcomer(session, Role.PHYSICIAN)
    client.sign_in("newcomer", factories.PASSWORD)
    _, codes = enrolled(client, "/sign-in/enrol")
    assert gives(app, "newcomer", codes[0])
    assert not gives(app, "newcomer", codes[0])
    assert gives(app, "newcomer", codes[1].upper().replace("-", " "))
    assert "8 recovery codes left" in client.page(ME).main


def test_new_recovery_codes_void_the_old_ones(
    app: Flask, client: Browser, session: Session
) -> None:
    newcomer(session, Role.PHYSICIAN)
    client.sign_in("newcomer", factories.PASSWORD)
    _, old = enrolled(client, "/sign-in/enrol")
    form = client.page("/me/factor/codes").form("Make new codes")
    page = Page(client.send(form, password=factories.PASSWORD))
    new = re.findall(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", page.main)
    assert not gives(app, "newcomer", old[0])
    assert gives(app, "newcomer", new[0])


def test_codes_are_shown_once(client: Browser, session: Session, now: Now) -> None:
    newcomer(session, Role.PHYSICIAN)
    client.sign_in("newcomer", factories.PASSWORD)
    _, codes = enrolled(client, "/sign-in/enrol")
    assert client.get("/sign-in/enrol").status_code == 303
    for address in (ME, "/me/factor", "/me/factor/codes"):
        assert codes[0] not in client.page(address).html


def test_a_secret_that_was_seen_before_is_never_taken_into_use(
    client: Browser, app: Flask, session: Session, now: Now
) -> None:
    """Whoever only knew the password, and looked, does not share the owner's authenticator."""
    newcomer(session, Role.PHYSICIAN)
    client.sign_in("newcomer", factories.PASSWORD)
    seen = re.search(r'data-secret="(\w+)"', client.page("/sign-in/enrol").html)
    owner = app.test_client()
    assert isinstance(owner, Browser)
    owner.sign_in("newcomer", factories.PASSWORD)
    secret, _ = enrolled(owner, "/sign-in/enrol")
    assert seen
    assert secret != seen[1]


def test_setting_up_a_new_authenticator_ends_the_other_sign_ins_and_the_old_codes(
    app: Flask, signed_in: Callable[[Role], Browser], session: Session, now: Now
) -> None:
    elsewhere, here = signed_in(Role.PHYSICIAN), signed_in(Role.PHYSICIAN)
    here.send(here.page("/me/factor").form("Go on"), password=factories.PASSWORD)
    secret, _ = enrolled(here, "/me/factor/prove")
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    now.shift(timedelta(seconds=30))
    old = factories.code(session, factories.staff(session, Role.PHYSICIAN))
    assert not gives(app, "physician", old)
    assert gives(app, "physician", pyotp.TOTP(secret).at(clock.now()))


def test_a_wrong_code_takes_nothing_into_use(client: Browser, session: Session) -> None:
    newcomer(session, Role.PHYSICIAN)
    client.sign_in("newcomer", factories.PASSWORD)
    form = client.page("/sign-in/enrol").form("Take it into use")
    response = client.send(form, code="000000")
    assert response.status_code == 422
    assert factor.NOT_YET in Page(response).text
    assert session.scalars(select(SecondFactor)).one().secret is None
    assert session.scalars(select(RecoveryCode)).all() == []


def test_another_administrator_resets_a_lost_factor_and_nobody_their_own(
    app: Flask, signed_in: Callable[[Role], Browser], client: Browser, session: Session
) -> None:
    admin, theirs = signed_in(Role.ADMINISTRATOR), signed_in(Role.PHYSICIAN)
    physician = factories.staff(session, Role.PHYSICIAN)
    form = admin.page(f"/staff/{physician.id}/factor/reset").form("reset")
    assert admin.send(form).status_code == 303
    assert not is_in(theirs)
    response = client.sign_in("physician", factories.PASSWORD)
    assert response.location.startswith("/sign-in/enrol")
    me = factories.staff(session, Role.ADMINISTRATOR)
    own = admin.send(admin.page(f"/staff/{me.id}/factor/reset").form("reset"))
    assert own.status_code == 422
    assert "Nobody resets their own" in Page(own).main
    line = session.scalars(select(AuditRow).where(AuditRow.action == "reset second factor")).one()
    assert (line.actor, line.entity_id) == ("Ada Test", str(physician.id))


def test_a_lost_factor_is_reset_on_the_server(app: Flask, session: Session) -> None:
    factories.staff(session, Role.ADMINISTRATOR)
    runner = app.test_cli_runner()
    done = runner.invoke(args=["staff", "reset-factor", "administrator"])
    assert done.exit_code == 0, done.output
    assert session.scalars(select(SecondFactor)).all() == []
    session.commit()
    assert runner.invoke(args=["staff", "reset-factor", "administrator"]).exit_code == 1
    assert runner.invoke(args=["staff", "reset-factor", "nobody"]).exit_code == 1


def test_a_new_role_asks_for_a_second_factor_at_the_next_sign_in(
    signed_in: Callable[[Role], Browser], client: Browser, session: Session
) -> None:
    admin, desk = signed_in(Role.ADMINISTRATOR), factories.staff(session, Role.FRONT_DESK)
    form = admin.page(f"/staff/{desk.id}").form(f"/staff/{desk.id}")
    assert admin.send(form, role="physician").status_code == 303
    response = client.sign_in("frontdesk", factories.PASSWORD)
    assert response.location.startswith("/sign-in/enrol")


def test_neither_secret_nor_codes_lie_open_in_the_database(
    client: Browser, session: Session
) -> None:
    newcomer(session, Role.PHYSICIAN)
    client.sign_in("newcomer", factories.PASSWORD)
    secret, codes = enrolled(client, "/sign-in/enrol")
    stored = str(session.execute(text("SELECT * FROM second_factors")).all())
    stored += str(session.execute(text("SELECT * FROM recovery_codes")).all())
    stored += str(session.execute(text("SELECT body FROM audit_details")).all())
    for shown in (secret, *codes, *(code.replace("-", "") for code in codes)):
        assert shown not in stored


def test_a_sealed_text_is_worthless_elsewhere_changed_or_under_another_key(
    app: Flask, session: Session, settings: Settings
) -> None:
    sealed = sealing.seal(session, "secret", place="here:1")
    assert sealing.unseal(session, sealed, place="here:1") == "secret"
    assert sealed != sealing.seal(session, "secret", place="here:1")
    changed = ("A" if sealed[-5] != "A" else "B").join((sealed[:-5], sealed[-4:]))
    for text_, place in ((sealed, "here:2"), (changed, "here:1"), ("AAAA", "here:1")):
        with pytest.raises(sealing.Broken):
            sealing.unseal(session, text_, place=place)
    other = home.key(Settings(home=settings.home / "none", database_url="sqlite://"))
    sealing.arm(session.connection().engine, other)
    with pytest.raises(sealing.Broken):
        sealing.unseal(session, sealed, place="here:1")


def test_an_authenticator_of_one_person_opens_nothing_for_another(session: Session) -> None:
    physician = factories.staff(session, Role.PHYSICIAN)
    admin = factories.staff(session, Role.ADMINISTRATOR)
    mine = session.get_one(SecondFactor, physician.id)
    mine.secret = session.get_one(SecondFactor, admin.id).secret
    with pytest.raises(sealing.Broken):
        factor.proves(session, physician, "123456", at=clock.now())


def test_whoever_has_none_resets_none(session: Session) -> None:
    desk = factories.staff(session, Role.FRONT_DESK)
    with pytest.raises(Refused, match="has no second factor"):
        factor.reset(session, desk, by=None, at=clock.now())
    with pytest.raises(Refused, match="Set up"):
        factor.renew_codes(session, desk, at=clock.now())


def test_the_picture_says_what_the_text_says(client: Browser, session: Session) -> None:
    newcomer(session, Role.PHYSICIAN)
    client.sign_in("newcomer", factories.PASSWORD)
    page = client.page("/sign-in/enrol")
    image = next(element for element in page.root.all("img"))
    assert image.get("src").startswith("data:image/svg+xml")
    assert "authenticator" in image.get("alt")
