"""What an operator may ask for in a terminal."""

import os
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from workflow import audit, backups, clock, database, home, mailing, serving
from workflow.accounts import actions, demo, factor
from workflow.casecli import case
from workflow.domain.errors import Refused
from workflow.domain.staff import Role
from workflow.extensions import db
from workflow.models.document import IssuedDocument
from workflow.models.installation import Kind
from workflow.models.staff import Staff
from workflow.seed.demo import fill, is_full
from workflow.settings import PROJECT, Settings
from workflow.signatures import broken

log = AppGroup("audit", help="Read the audit log.")
mail = AppGroup("mail", help="The mail that must leave the clinic.")
staff = AppGroup("staff", help="The people who work here.")


def install(app: Flask) -> None:
    """Add the commands to the app."""
    for command in (serve, setup, backup, restore, log, verify_papers, mail, staff, case):
        app.cli.add_command(command)


@click.command("serve")
@with_appcontext
def serve() -> NoReturn:
    """Prepare what is not prepared yet, and serve the clinic on this machine."""
    from workflow import create_app  # which imports this module

    settings = _settings()
    serving.check_machine(settings)
    serving.only_one(settings)
    listener = serving.listen(settings)
    kind = serving.bring_up_to_date(settings, clock.now(), click.echo)
    app = create_app(settings)
    with app.app_context():
        with database.glance(db.engine) as session:
            home.check(session, settings)
        if kind is Kind.DEMO and not is_full(db.engine):
            click.echo("Filling the demo clinic with invented patients.")
            site = f"http://{settings.host}:{settings.port}"
            fill(db.engine, settings.files, now=clock.now(), site=site, told=_progress)
    click.echo(_greeting(settings, kind))
    with app.app_context():
        mailing.begin(db.engine, settings)
    serving.serve(app, settings, listener)


def _progress(done: int, of: int) -> None:
    if done == of or done % 10 == 0:
        click.echo(f"  {done} of {of}")


def _greeting(settings: Settings, kind: Kind) -> str:
    lines = ["", f"The clinic is open at http://{settings.host}:{settings.port}", ""]
    if kind is Kind.DEMO:
        lines += ["This is the demo: every patient is invented. Sign in as"]
        lines += [f"  {username:<12} {role}" for username, _, _, role in demo.DEMO_STAFF]
        lines += [f"with the password {demo.DEMO_PASSWORD}", ""]
    lines += ["Stop it with Ctrl-C."]
    return "\n".join(lines)


@click.command("setup")
def setup() -> None:
    """Make a new, empty clinic and print the token that names its first administrator."""
    folder = os.environ.get("CLINIC_HOME") or str(PROJECT / "var" / "clinic")
    settings = Settings.read({**os.environ, "CLINIC_HOME": folder})
    serving.check_machine(settings)
    token = home.prepare(settings, Kind.CLINIC, clock.now()) or home.new_setup_token(settings)
    if token is None:
        click.echo(f"The clinic in {settings.home} is already set up. Start it with: make run")
        return
    click.echo(
        f"A new clinic is ready in {settings.home}\n"
        f"Its key is {settings.key_file}: keep a copy of it apart from the backups.\n\n"
        "Now start it with: make run\n"
        f"then open http://{settings.host}:{settings.port}/setup and enter this token once:\n\n"
        f"  {token}\n"
    )


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(target: Path) -> None:
    """Write a backup of the records and files, without the key, to TARGET."""
    backups.backup(_settings(), target, clock.now())
    click.echo(f"Backed up to {target}.")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(source: Path) -> None:
    """Put the backup SOURCE into a home that holds its key and nothing else."""
    found = backups.restore(_settings(), source)
    _tell(found)


@log.command("verify")
@click.option("--anchor", default="", help="A line known from elsewhere, as number:hash.")
def verify(anchor: str) -> None:
    """Read the whole audit log; the exit code is 1 where a line does not hold."""
    known = None
    if anchor:
        number, _, beginning = anchor.partition(":")
        if not (number.isascii() and number.isdigit() and beginning):
            raise click.UsageError("An anchor is a line's number and hash, such as 1204:9f3ab210.")
        known = (int(number), beginning)
    _tell(backups.verdict(_settings(), known))


@click.command("verify-papers")
@with_appcontext
def verify_papers() -> None:
    """Hold every issued document against the log and its bytes; exit code 1 where one fails."""
    with database.glance(db.engine) as session:
        total = session.scalar(select(func.count(IssuedDocument.id)))
        found = [(row.id, wrong) for row, wrong in broken(session, _settings().files)]
    for number, wrong in found[:20]:
        click.echo(f"Document {number}: {wrong}", err=True)
    if found:
        raise click.ClickException(f"{len(found)} of {total:,} documents are not what was signed.")
    click.echo(f"Every one of {total:,} documents is what was signed.")


def _tell(found: audit.Verdict) -> None:
    for sentence in found.breaks[:20]:
        click.echo(sentence, err=True)
    seq, digest = found.head
    if found.breaks:
        raise click.ClickException(f"The log does not hold: {len(found.breaks)} of its lines.")
    click.echo(f"Every one of {found.rows:,} lines holds. The last is {seq}:{digest[:16]}")


@mail.command("send")
@click.option("--keep-on", is_flag=True, help="Go on sending until told to stop.")
@with_appcontext
def send_mail(*, keep_on: bool) -> None:
    """Hand what is due to the mail server; needed where several processes serve the clinic."""
    settings = _settings()
    if settings.mail is None:
        raise click.ClickException("No mail server is named: set SMTP_HOST and MAIL_FROM.")
    if keep_on:
        mailing.keep_on(db.engine, settings)
    click.echo(f"Sent: {mailing.once(db.engine, settings)}.")


@staff.command("add")
@click.argument("username")
@click.option("--name", prompt="Full name")
@click.option("--credentials", prompt=True, default="")
@click.option("--role", prompt=True, type=click.Choice([role.value for role in Role]))
@click.password_option()
def add_staff(username: str, name: str, credentials: str, role: str, password: str) -> None:
    """Add a member of staff."""
    try:
        with database.transaction(db.engine) as session:
            added = actions.add_staff(
                session,
                username=username,
                name=name,
                credentials=credentials,
                role=Role(role),
                password=password,
                by=None,
                at=clock.now(),
            )
            username = added.username
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{username} may sign in now.")


@staff.command("password")
@click.argument("username")
@click.password_option()
def give_password(username: str, password: str) -> None:
    """Give a member of staff a new password; their sign-ins end."""
    with database.transaction(db.engine) as session:
        found = session.scalars(
            select(Staff).where(Staff.username == actions.folded(username))
        ).first()
        if found is None:
            raise click.ClickException(f"There is no {username} here.")
        try:
            actions.set_password(session, found, password, by=None, at=clock.now())
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from None
    click.echo("The new password holds from now on.")


@staff.command("reset-factor")
@click.argument("username")
def reset_factor(username: str) -> None:
    """Remove a member of staff's lost second factor; their sign-ins end."""
    with database.transaction(db.engine) as session:
        found = session.scalars(
            select(Staff).where(Staff.username == actions.folded(username))
        ).first()
        if found is None:
            raise click.ClickException(f"There is no {username} here.")
        try:
            factor.reset(session, found, by=None, at=clock.now())
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from None
    click.echo(f"{found.username} signs in with the password, and sets up a new one if needed.")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
