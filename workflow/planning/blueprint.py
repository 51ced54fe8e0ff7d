"""Hold the stage's blueprint, and who sees a plan."""

from flask import Blueprint

from workflow.domain.staff import Permission

bp = Blueprint("planning", __name__)
SEES_PLANS = (Permission.READ_FINDINGS, Permission.CARRY_OUT_PLANS)
