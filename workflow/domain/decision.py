"""Tell a patient in plain words what was decided, and what comes next (clinical reference §9)."""

from collections.abc import Iterable
from datetime import date

from workflow.domain.appropriateness import Chosen

_DONE: dict[str, str] = {
    "RFA": "close {vein} with heat",
    "EVLA": "close {vein} with laser heat",
    "CAC": "close {vein} with medical glue",
    "MOCA": "close {vein} with a fine wire and medicine",
    "PEM": "close {vein} with foam medicine",
    "UGFS": "close {vein} with foam medicine",
    "LIQ": "fade {vein} with medicine through a fine needle",
    "PHLEB": "take out {vein} through tiny cuts",
    "PERF_RFA": "close {vein} with heat",
    "CONS": "no procedure now. You care for this leg with small steps each day",
    "IMAGING_ILIAC": "a scan of the veins in your belly",
    "REPEAT_SCAN": "scan this leg again on another day",
    "SURVEILLANCE_DUPLEX": "a short scan to check the vein",
    "PHYSICIAN_REVIEW": "your doctor looks into this with you",
}
_VEINS: dict[str, str] = {
    "GSV": "the main vein on the inside of the leg",
    "SSV": "the vein at the back of the calf",
    "AASV": "the vein at the front of the thigh",
    "PASV": "the vein at the inner back of the thigh",
    "TE": "the vein at the back of the thigh",
    "TEL": "the spider veins",
    "RET": "the small blue veins",
    "PAV": "a side branch of the vein",
}


def decided(items: Iterable[Chosen]) -> tuple[str, ...]:
    """Return one plain line for each treatment of an approved plan, in the order planned."""
    return tuple(dict.fromkeys(_line(item) for item in items))


def _line(item: Chosen) -> str:
    done = _DONE.get(item.modality, "a treatment your doctor has told you about")
    visit = f" (visit {item.session})" if item.is_procedure else ""
    return f"{item.leg.word.capitalize()} leg: {done.format(vein=_vein(item.vein))}{visit}."


def _vein(vein: str | None) -> str:
    if vein is None:
        return "the vein"
    if vein.startswith("TRIB"):
        return "a side branch"
    if vein.startswith("PERF"):
        return "a leaking link vein"
    return _VEINS.get(vein, "the vein")


DECLINED = (
    "You chose not to have a treatment now. That is fine.",
    "You can change your mind at any time. Just call us.",
)
"""What was decided, when the patient said no."""


def after_approval(items: Iterable[Chosen], phone: str, on: date | None = None) -> tuple[str, ...]:
    """Return what happens next once a plan is approved."""
    if any(item.is_procedure for item in items):
        first = "We will call you to find a day for the first visit."
        before = "Before that day, we go through the plan with you. You can ask all you want."
        steps = [first, before]
    else:
        steps = ["You do not need a procedure now. We will tell you when to come back."]
    return (*steps, *_dated(on), _call(phone))


def after_declining(phone: str, on: date | None = None) -> tuple[str, ...]:
    """Return what happens next when the patient declined."""
    return ("Come back if your legs feel worse, or if you want to talk.", *_dated(on), _call(phone))


def after_signing(phone: str, on: date | None = None) -> tuple[str, ...]:
    """Return what happens next once the scan is read and no plan is made yet."""
    return (
        "Your doctor will talk with you about this scan and what can be done.",
        *_dated(on),
        _call(phone),
    )


def replaces(given: date) -> str:
    """Return the line that heads a result which takes the place of one that was given before."""
    return (
        "We looked at your scan again and changed this page. "
        f"It takes the place of the one we gave you on {given.day} {given:%b %Y}."
    )


def _dated(on: date | None) -> tuple[str, ...]:
    return (f"Your next visit is on {on.day} {on:%b %Y}.",) if on else ()


def _call(phone: str) -> str:
    return (
        f"Do you have a question? Call us: {phone}."
        if phone
        else "Do you have a question? Call us."
    )
