"""List what the clinician sees on each leg: C classes, rVCSS, ulcers (§3.1, 3.2)."""

from collections.abc import Iterator

from workflow.intake import wording
from workflow.intake.asked import Question
from workflow.intake.kinds import Line, Number, Pick, Ticked, YesNo
from workflow.intake.lists import Several

LATER = "deferred"


def _seen(leg: str, name: str) -> Iterator[Question]:
    at = f"clinical__{leg}"
    yield Question(
        f"{at}__c",
        f"Signs, {name} leg",
        Several(wording.C_CLASSES, none="", alone=("C0",)),
        needed=f"Record the signs of the {name} leg, or tick that they are recorded later.",
    )
    yield Question(f"{at}__symptomatic", f"Symptoms from the veins, {name} leg", YesNo())
    yield Question(
        f"{at}__{LATER}", f"Signs and severity of the {name} leg are recorded later", Ticked()
    )


def _scores(leg: str, name: str) -> Iterator[Question]:
    at = f"clinical__{leg}"
    for item, label, _ in wording.VCSS:
        yield Question(
            f"{at}__vcss__{item}",
            f"{label}, {name} leg",
            Pick(wording.ZERO_TO_THREE, whole=True, look="vcss"),
            needed=f"Score {label.lower()} of the {name} leg.",
        )
    yield Question(
        f"{at}__ulcer__months",
        f"Ulcer of the {name} leg: how long open",
        Number("0", "1200", places=2, unit="months"),
    )
    yield Question(
        f"{at}__ulcer__diameter_cm",
        f"Ulcer of the {name} leg: largest diameter",
        Number("0", "100", places=1, unit="cm"),
    )
    yield Question(f"{at}__ulcer__first_episode", f"Ulcer of the {name} leg: the first", YesNo())
    yield Question(
        f"{at}__ulcer__site",
        f"Ulcer of the {name} leg: where",
        Line(120, suggested=("inner ankle", "outer ankle", "shin", "calf")),
    )


QUESTIONS = tuple(question for leg, name in wording.LEGS for question in _seen(leg, name))
SCORES = tuple(question for leg, name in wording.LEGS for question in _scores(leg, name))
