"""Show the criteria scans are read by, every version of them, and let a new version be saved."""

import re
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from workflow import clock, criteria, sessions
from workflow.access import permits
from workflow.accounts.criteria_form import CriteriaForm, typed
from workflow.domain.criteria import (
    CUTOFFS,
    GROUPS,
    SOURCES,
    changes,
    cutoff_words,
    limit_words,
    source_words,
)
from workflow.domain.errors import Refused
from workflow.domain.limits import ABOUT, DEFAULT_LIMITS
from workflow.domain.profile import PROFILES, Profile
from workflow.domain.staff import Permission, may
from workflow.extensions import db, session
from workflow.models.installation import Installation

bp = Blueprint("criteria", __name__)

CHANGED = "Someone else saved the criteria after you opened them. Look at them again."


@bp.route("/settings/criteria", methods=["GET", "POST"])
@permits(Permission.SET_CRITERIA)
def show() -> ResponseReturnValue:
    """Show the criteria in force, and store a new version of them."""
    held = criteria.in_force(session())
    form = CriteriaForm(data={**typed(held), "seen": str(_newest())})
    if not form.validate_on_submit():
        return _page(form, held, 422 if form.is_submitted() else 200)
    if not _is_newest(form.seen.data or ""):
        form.form_errors.append(CHANGED)
        return _page(form, held, 409)
    try:
        row = criteria.save(
            session(),
            form.criteria(),
            reason=form.reason.value,
            by=sessions.signed_in(),
            at=clock.now(),
        )
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _page(form, held, 422)
    session().commit()
    flash(f"Version {row.version} is in force. What is read from now on goes by it.", "done")
    return redirect(url_for(".show"), 303)


@bp.get("/settings/criteria/<id:version>")
@permits(Permission.SET_CRITERIA)
def version(version: int) -> ResponseReturnValue:
    """Show one version as it was saved, and what it changed."""
    rows = {row.version: row for row in criteria.versions(session())}
    if version not in rows and version != criteria.FIRST:
        abort(404)
    profile = criteria.profile_of(rows.get(version))
    before = criteria.profile_of(rows.get(version - 1))
    return render_template(
        "accounts/criteria_version.html",
        form=None,
        version=version,
        row=rows.get(version),
        newest=max(rows, default=criteria.FIRST),
        changed=changes(before, profile) if version in rows else (),
        profile=profile,
        cutoffs=_cutoffs(profile),
        limits=_limits(profile),
    )


def _newest() -> int:
    row = criteria.newest(session())
    return row.version if row else criteria.FIRST


def _is_newest(seen: str) -> bool:
    """Say whether no version was saved since; of two who save at once one waits here."""
    session().get(Installation, 1, with_for_update=True)
    return bool(re.fullmatch(r"[0-9]{1,9}", seen)) and int(seen) == _newest()


def _page(form: CriteriaForm, held: Profile, status: int) -> ResponseReturnValue:
    return render_template(
        "accounts/criteria.html",
        form=form,
        own_errors=any(form[f"{name}_ms"].errors for name in CUTOFFS),
        all_settings=may(sessions.signed_in().role, Permission.MANAGE_SETTINGS),
        held=held,
        version=_newest(),
        profiles=[(each, _cutoffs(each)) for each in PROFILES.values()],
        source=source_words,
        sources=SOURCES,
        cutoffs=CUTOFFS,
        groups=GROUPS,
        changed={name for name in ABOUT if _differs(held, name)},
        versions=_versions(),
    ), status


def _differs(profile: Profile, name: str) -> bool:
    return bool(getattr(profile.limits, name) != getattr(DEFAULT_LIMITS, name))


def _cutoffs(profile: Profile) -> list[tuple[str, str]]:
    return [(label, cutoff_words(getattr(profile, name))) for name, label in CUTOFFS.items()]


def _limits(profile: Profile) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Return each group of limits: its title, and of each its name, value, default and source."""
    return [
        (
            title,
            [
                (
                    ABOUT[name].label,
                    limit_words(profile.limits, name),
                    limit_words(DEFAULT_LIMITS, name),
                    source_words(ABOUT[name].source),
                )
                for name in names
            ],
        )
        for title, _, names in GROUPS
    ]


def _versions() -> list[dict[str, Any]]:
    """Return each saved version with what it changed, the newest first."""
    rows = {row.version: row for row in criteria.versions(session())}
    return [
        {
            "row": row,
            "changes": changes(criteria.profile_of(rows.get(number - 1)), criteria.profile_of(row)),
        }
        for number, row in rows.items()
    ]
