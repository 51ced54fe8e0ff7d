"""What a person may type about who a patient is, and why they come."""

from dataclasses import replace
from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField

from workflow import papernames
from workflow.domain import contact
from workflow.forms import Clean, CleanForm, KnownDate, Line, Paragraphs, Pick
from workflow.intake import identity
from workflow.intake.identity import Identity, unusual_age

SEXES = (("F", "Female"), ("M", "Male"), ("X", "Another, or not said"))
LANGUAGES = (("en", "English"), ("es", "Spanish"))


class IdentityForm(CleanForm):
    """Who a patient is, and how they are reached."""

    name = Clean(
        "Full name",
        identity.name,
        required="Type the full name.",
        hint="As it stands on their papers, in any order and any script.",
    )
    called = Line("What they like to be called", longest=60)
    born = KnownDate("Date of birth", required="Type the date of birth.")
    age_checked = BooleanField("I asked again, and the date of birth is right")
    sex = Pick(
        "Sex",
        SEXES,
        required="Choose one.",
        hint="Asked because pregnancy changes which treatments are safe.",
    )
    phone = Clean("Phone", contact.phone)
    email = Clean("E-mail", contact.email)
    address = Paragraphs("Address", longest=300)
    language = Pick("Language for papers", LANGUAGES, required="Choose one.", default="en")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.born.latest = lambda: today
        self.asks_about_age = ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Read every field; a birth date that is hardly likely wants its tick."""
        fits = bool(super().validate(extra_validators))
        born = self.born.value
        if born is not None and not self.born.errors and (odd := unusual_age(born, self.today)):
            self.asks_about_age = odd
            if not self.age_checked.data:
                self.age_checked.errors = [f"{odd} Check the date, and tick that it is right."]
                return False
        return fits

    def identity(self) -> Identity:
        """Return what was typed; only after it was found to fit."""
        born = self.born.value
        if born is None:
            raise ValueError("The form was not validated.")
        return Identity(
            name=self.name.value,
            born=born,
            sex=self.sex.value or "",
            called=self.called.value or "",
            phone=self.phone.value or "",
            email=self.email.value or "",
            address=self.address.value or "",
            language=self.language.value or "en",
        )


class RegisterForm(IdentityForm):
    """A new patient and what they come with."""

    reason = Line(
        "Reason for coming", longest=120, required="Type why they come.", default="Leg cramps"
    )
    referred_by = Line(
        "Referred by", longest=120, hint="A doctor or a practice. Empty if they come by themselves."
    )
    is_new = BooleanField("None of these is the same person")


class EditForm(IdentityForm):
    """A correction of who a patient is."""

    paper_name = Clean(
        "Latin spelling for paper",
        papernames.spelling,
        hint="Printed in place of a name that paper cannot set. The record keeps the name.",
    )
    revision = HiddenField()

    def identity(self) -> Identity:
        """Return what was typed, with the spelling that papers print."""
        return replace(super().identity(), paper_name=self.paper_name.value or "")


class EpisodeForm(CleanForm):
    """A further problem of a known patient."""

    reason = Line(
        "Reason for coming", longest=120, required="Type why they come.", default="Leg cramps"
    )
    referred_by = Line("Referred by", longest=120)
