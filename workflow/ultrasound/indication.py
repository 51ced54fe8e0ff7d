"""Suggest why a scan is done, from what the patient told at intake; a person corrects it."""

from workflow.domain.intake import Intake
from workflow.domain.questionnaire import Cramps

_SIDES = {"R": "right", "L": "left", "both": "both"}
_PLACES = {"calf": "calf", "foot": "foot", "thigh": "thigh", "toe": "toes"}
_WHEN = {
    "night": "at night",
    "evening": "in the evening",
    "exercise": "on exercise",
    "rest": "at rest",
}
_OFTEN = {
    "<1/mo": "less than once a month",
    "1-3/mo": "1 to 3 times a month",
    "1-2/wk": "1 to 2 times a week",
    "3-6/wk": "3 to 6 times a week",
    "daily": "every day",
}


def suggested(intake: Intake) -> str:
    """Return a sentence such as 'Right calf cramps at night, 3 to 6 times a week; heaviness.'

    Empty where nothing was told that a scan would follow from.
    """
    told = [part for part in (_cramps(intake.cramps), _symptoms(intake)) if part]
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _cramps(cramps: Cramps | None) -> str:
    if cramps is None or not cramps.present:
        return ""
    place = _PLACES.get(cramps.site or "", "leg")
    side = _SIDES.get(cramps.side or "", "")
    where = f"{place} cramps in both legs" if side == "both" else f"{side} {place} cramps".strip()
    when = _WHEN.get(cramps.timing or "", "")
    often = _OFTEN.get(cramps.frequency or "", "")
    return ", ".join(part for part in (f"{where} {when}".strip(), often) if part)


def _symptoms(intake: Intake) -> str:
    told: dict[str, None] = {}
    for side in (intake.symptoms.right, intake.symptoms.left) if intake.symptoms else ():
        told |= dict.fromkeys(word.replace("_", " ") for word in side or () if word != "cramps")
    return ", ".join(list(told)[:4])
