"""What a physician may choose and write in a plan, and what is recorded as care moves on."""

from collections.abc import Callable, Iterable
from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice

from workflow.domain.anatomy import Leg
from workflow.domain.appropriateness import Chosen
from workflow.domain.care import CARE, CareStep
from workflow.domain.errors import Refused
from workflow.domain.modality import MODALITIES
from workflow.forms import CleanForm, KnownDate, Paragraphs, Pick
from workflow.planning.items import LONGEST

_REASON = "reason."
SESSIONS = tuple(str(number) for number in range(1, 10))


def _choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label=words) for value, words in pairs]


class Seen(CleanForm):
    """A form over a thing with a revision."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """Return the revision the page was read at; 0, which never is one, where it is garbled."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class PlanForm(Seen):
    """The plan's words, and one treatment the rules do not offer. Ticks are read by `picked`."""

    rationale = Paragraphs(
        "Rationale",
        longest=LONGEST,
        hint="Why this plan suits this patient, for the chart and the payer.",
    )
    against = Paragraphs(
        "Reason to go against the rules",
        longest=LONGEST,
        hint="Needed where the plan holds a treatment that the rules do not offer.",
    )
    add_leg = SelectField(
        "Leg", choices=_choices([("", "–"), *((leg.value, leg.word.capitalize()) for leg in Leg)])
    )
    add_vein = SelectField("Vein", choices=[], validate_choice=False)
    add_modality = SelectField("Treatment", choices=_choices([("", "–"), *MODALITIES.items()]))
    add_session = SelectField(
        "Session", choices=_choices((n, f"Session {n}") for n in SESSIONS), default="1"
    )

    def offer_veins(self, veins: Iterable[tuple[str, str]]) -> None:
        """Put the veins of this scan on the list."""
        self.add_vein.choices = _choices(veins)


class StepForm(Seen):
    """A step of a plan, with its note, and the password where the sign-in is not fresh."""

    note = Paragraphs("Note", longest=1000)
    password = StringField("Your password")


class CareForm(CleanForm):
    """One dated move after the plan, and the next appointment."""

    last = HiddenField()
    step = Pick(
        "What to record",
        [(step.value, rule.label) for step, rule in CARE.rules.items()],
        required="Choose what happened.",
    )
    note = Paragraphs("Note", longest=1000)
    next_on = KnownDate("Next appointment")

    @property
    def seen(self) -> int:
        """Return the last step the page was read at."""
        text = self.last.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else -1

    @property
    def chosen(self) -> CareStep:
        """Return the move that was picked."""
        return CareStep(self.step.data)


def picked(
    form: MultiDict[str, str], known: Iterable[Chosen], adds: PlanForm
) -> tuple[Chosen, ...]:
    """Return the ticked treatments with their sessions, and the one added against the rules.

    Only what the page offered can be ticked. Raises Refused where an answer is not on its list.
    """
    offered = {item.key: item for item in known}
    items = []
    for key in dict.fromkeys(form.getlist("pick")):
        if key not in offered:
            raise Refused("The plan names a treatment that this page did not offer.")
        item = offered[key]
        session = _session(form.get(f"session.{key}", "1"))
        items.append(Chosen(item.leg, item.vein, item.modality, session, item.offered))
    if adds.add_modality.data:
        items.append(_added(adds))
    return tuple(items)


def answered(form: MultiDict[str, str]) -> dict[str, str]:
    """Return the reasons typed against alerts, by the alert's key."""
    return {
        name.removeprefix(_REASON): text
        for name, text in form.items()
        if name.startswith(_REASON) and text.strip()
    }


def _added(adds: PlanForm) -> Chosen:
    modality = adds.add_modality.data or ""
    if not adds.add_leg.data:
        raise Refused("Choose the leg of the treatment you add.")
    veins = {choice.value for choice in adds.add_vein.choices}
    if modality not in MODALITIES or adds.add_leg.data not in set(Leg):
        raise Refused("Choose the treatment you add from its list.")
    if (adds.add_vein.data or "") not in veins:
        raise Refused("Choose the vein of the treatment you add from its list.")
    session = _session(adds.add_session.data or "1")
    return Chosen(
        Leg(adds.add_leg.data), adds.add_vein.data or None, modality, session, offered=False
    )


def _session(text: str) -> int:
    if text not in SESSIONS:
        raise Refused("A session is a number from 1 to 9.")
    return int(text)


def today_or_later(form: CareForm, today: Callable[[], date]) -> bool:
    """Say whether the next appointment is not in the past, and put a sentence there if it is."""
    if form.next_on.value is None or form.next_on.value >= today():
        return True
    form.next_on.errors = ["The next appointment lies in the past. Check the date."]
    return False
