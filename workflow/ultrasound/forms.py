"""What a person may type when a scan is ordered, booked, or moved on."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, FileField, HiddenField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from workflow.domain.anatomy import Leg
from workflow.domain.findings import Purpose
from workflow.forms import Clean, CleanForm, KnownDate, Line, Number, Pick
from workflow.ultrasound.images import LONGEST_CAPTION, Told
from workflow.ultrasound.slots import clock_time

LEGS = [("both", "Both legs"), ("R", "Right leg"), ("L", "Left leg")]
PURPOSES = [
    (Purpose.REFLUX.value, "Reflux"),
    (Purpose.DVT_RULE_OUT.value, "To rule out a deep vein thrombosis"),
    (Purpose.SURVEILLANCE.value, "Check after an ablation"),
]
LONGEST_REVISION = 10
ASKED_AGAIN = "Asked again: medicines, allergies and pregnancy have not changed"


class SeenForm(CleanForm):
    """A form that carries the revision of the scan the person read."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """Return that revision; what no page of ours sends is no revision at all."""
        text = self.revision.data or ""
        return (
            int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_REVISION else -1
        )


class SlotForm(SeenForm):
    """A day, a time, a room and a length; required as a whole where the scan gets its time."""

    on = KnownDate("Day", hint="For example, 4 5 2026 or 4 May 2026")
    at = Clean("Time", clock_time, hint="For example, 9:30 or 2 pm")
    room = Pick("Room", ())
    minutes = Number("Length", low="10", high="240", unit="min")
    needs_a_slot = True

    def offer(self, rooms: Sequence[str]) -> None:
        """Offer these rooms; one that is already written on the scan stays among them."""
        named = dict.fromkeys([*rooms, *([self.room.data] if self.room.object_data else [])])
        self.room.choices = [SelectChoice(room, label=room) for room in named if room]

    @property
    def has_a_slot(self) -> bool:
        """Say whether any part of a day and time was typed."""
        return any(self.on.parts.values()) or bool((self.at.data or "").strip())

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that a slot is whole where one is wanted."""
        sound = super().validate(extra_validators)
        if not (self.needs_a_slot or self.has_a_slot):
            return bool(sound)
        missing = (
            (self.on, "Give the day of the scan."),
            (self.at, "Give the time of the scan."),
            (self.room, "Choose a room."),
            (self.minutes, "Give the length of the scan in minutes."),
        )
        return bool(sound) and not [_lack(field, said) for field, said in missing if _empty(field)]


def _empty(field: Field) -> bool:
    return not field.errors and field.value in {None, ""}


def _lack(field: Field, sentence: str) -> Field:
    field.errors = [sentence]
    return field


class OrderForm(SlotForm):
    """Why a scan is done, of which legs, and, if it is known already, when."""

    needs_a_slot = False
    purpose = Pick("What the scan is for", PURPOSES, required="Choose what the scan is for.")
    legs = Pick("Legs", LEGS, required="Choose the leg or legs.")
    indication = Line(
        "Indication",
        longest=300,
        required="Write why the scan is done. It is on record before the exam begins.",
        hint="Why the scan is done, in one sentence. It is printed on the report.",
    )


class StepForm(SeenForm):
    """One step of a scan: a note, and at check-in that the questions were asked again."""

    note = Line("Why", longest=300)
    asked = BooleanField(ASKED_AGAIN)

    def __init__(self, *, note_required: str = "", asks_again: bool = False) -> None:
        super().__init__()
        self.note.required = note_required
        self.asks_again = asks_again

    def validate_asked(self, field: BooleanField) -> None:
        """Refuse a check-in at which nobody asked again (§8.1)."""
        if self.asks_again and not field.data:
            raise ValidationError(
                "Ask again about medicines, allergies and pregnancy. "
                "If something changed, write it into the intake first."
            )


class FinishForm(SeenForm):
    """Handing a scan over: a reason where something required is missing."""

    reason = Line("Why it is handed over as it is", longest=300)


class ImageForm(SeenForm):
    """Where a key image was taken, what it shows, and whether the report prints it."""

    leg = Pick("Leg", [(leg.value, leg.word.capitalize()) for leg in Leg], required="Choose a leg.")
    segment = SelectField("Site", validate_choice=False)
    caption = Line(
        "Caption", longest=LONGEST_CAPTION, hint="What the picture shows, in a few words."
    )
    in_report = BooleanField("In the report")

    def offer(self, sites: Sequence[tuple[str, str]]) -> None:
        """Offer these sites."""
        listed = sites if self.segment.object_data else [("", "Choose a site"), *sites]
        self.segment.choices = [SelectChoice(code, label=name) for code, name in listed]

    def validate_segment(self, field: SelectField) -> None:
        """Refuse a site that is not offered."""
        if not field.data or field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Choose one of the listed sites.")

    @property
    def told(self) -> Told:
        """Return what is said of the image; call it after the form has been found valid."""
        return Told(
            Leg(self.leg.value or ""),
            self.segment.data,
            self.caption.value or "",
            bool(self.in_report.data),
        )


class NewImageForm(ImageForm):
    """A picture, and what is said of it."""

    picture = FileField("Picture", description="A JPEG or PNG of at most 12 MB.")

    def validate_picture(self, field: FileField) -> None:
        """Refuse a form without a file."""
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError("Choose a picture to add.")
