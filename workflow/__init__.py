"""Join everything: the one place where the app is put together."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from workflow.settings import Settings

STAGES = (
    "accounts.routes",
    "accounts.me",
    "accounts.people",
    "accounts.clinic",
    "accounts.referrers",
    "accounts.criteria",
    "accounts.log_pages",
    "board.routes",
    "intake.routes",
    "intake.merge_views",
    "intake.told_views",
    "intake.tablet_views",
    "ultrasound.routes",
    "review.routes",
    "review.critical_views",
    "planning.routes",
    "papers.routes",
    "papers.sending",
    "portal.routes",
    "portal.verify",
    "chart.routes",
    "chart.export_views",
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the app for one installation; nothing is read from the environment elsewhere.

    The parts are imported here and not above, so that the rules in `workflow.domain` can be used
    without the web.
    """
    from flask import Flask
    from jinja2 import StrictUndefined

    from workflow import (
        access,
        audit,
        cli,
        database,
        errors,
        extensions,
        frame,
        home,
        passwords,
        sealing,
        web,
    )
    from workflow.settings import PROJECT, Settings

    settings = settings or Settings.read()
    app = Flask(
        __name__,
        template_folder=str(PROJECT / "templates"),
        static_folder=str(PROJECT / "static"),
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    web.configure(app, settings)
    if settings.testing:
        passwords.lighten()

    extensions.db.init_app(app)
    extensions.login.init_app(app)
    access.install(app)
    extensions.csrf.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(home.MIGRATIONS))
    with app.app_context():
        engine = extensions.db.engine
        database.govern(engine, settings.data / "writers.lock")
        if home.has_key(settings):
            audit.arm(engine, home.audit_key(settings))
            sealing.arm(engine, home.key(settings))

    errors.install(app)
    frame.install(app)
    for stage in STAGES:
        app.register_blueprint(import_module(f"workflow.{stage}").bp)
    cli.install(app)
    return app
