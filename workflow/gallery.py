"""Show every component in every state, on one page, to whoever builds or changes them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from flask import Flask, abort, render_template
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice

from workflow.access import public
from workflow.domain.anatomy import Leg
from workflow.domain.documents import MapState
from workflow.domain.legmap import place
from workflow.screens import Bar, Kind, Mark, Person, Place

SCREENS = ("board", "day", "scan", "reading", "plan", "intake", "sign-in", "document", "staff")


def _words(*choices: str) -> list[SelectChoice]:
    return [SelectChoice(word.lower().replace(" ", "_"), label=word) for word in choices]


_ANSWERS = _words("Yes", "No", "Not asked")
_CRAMPS = _words("At night", "After standing", "While walking")
_FULL = _words("Full", "Partial", "None", "Not tested")


class _Unit(StringField):
    def __init__(self, label: str, unit: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.unit = unit


class _Parts(Field):
    parts: ClassVar = {"day": "31", "month": "Feb", "year": "1961"}

    def _value(self) -> str:
        return ""


class _Sample(Form):
    name = StringField("Full name", description="As written on the identity card or passport.")
    phone = StringField("Phone")
    height = _Unit("Height", "cm")
    weight = _Unit("Weight", "kg", description="Pounds are accepted too, as 165 lb.")
    born = _Parts("Date of birth")
    password = PasswordField("Password")
    compress = SelectField("Compressibility", choices=_FULL)
    cramps = SelectMultipleField("When do the cramps come?", choices=_CRAMPS)
    clot = RadioField("Has there ever been a clot in a leg?", choices=_ANSWERS)
    itch = RadioField("Itching", choices=_ANSWERS)
    when = RadioField("When did it begin?", choices=_words("This week", "Longer ago"))
    note = TextAreaField("Note to the physician", description="Anything the grid cannot say.")
    agreed = BooleanField("The patient agrees to the scan")


_MAP = (
    MapState(Leg.RIGHT, "SFJ", "reflux", "2,400 ms, 8.2 mm"),
    MapState(Leg.RIGHT, "GSV_PT", "reflux", "2,600 ms, 7.1 mm"),
    MapState(Leg.RIGHT, "GSV_MT", "borderline", "520 ms, 6.8 mm"),
    MapState(Leg.RIGHT, "CFV", "normal", ""),
    MapState(Leg.RIGHT, "FV_M", "normal", ""),
    MapState(Leg.RIGHT, "SSV_MC", "normal", ""),
    MapState(Leg.LEFT, "CFV", "chronic", ""),
    MapState(Leg.LEFT, "GSV_MT", "closed", ""),
    MapState(Leg.LEFT, "SSV_MC", "acute", "Acute clot"),
)


def sample() -> dict[str, Any]:
    """Return what the gallery page is rendered with: invented people, typed-in forms, errors."""
    typed = MultiDict(
        [
            ("name", "Margaret O’Neill"),
            ("height", "168"),
            ("weight", "7O"),
            ("compress", "partial"),
            ("cramps", "at_night"),
            ("clot", "not_asked"),
            ("itch", "yes"),
            ("note", "Pressed hard at the mid calf; the patient felt nothing."),
        ]
    )
    form, wrong = _Sample(formdata=typed, prefix="ok-"), _Sample(formdata=typed, prefix="bad-")
    for each, prefix in ((form, "ok-"), (wrong, "bad-")):
        each.process(MultiDict((prefix + key, word) for key, word in typed.items(multi=True)))
    wrong.name.errors = ["Enter the patient’s full name."]
    wrong.weight.errors = ["Weight is a number of kilograms from 2 to 400, such as 70."]
    wrong.born.errors = ["31 Feb 1961 is not a date. February 1961 has 28 days."]
    wrong.clot.errors = ["Choose one of the listed answers."]
    return {
        "sample": form,
        "wrong": wrong,
        "bar": Bar(
            clinic="Wellness & Surgery",
            home="#",
            places=(
                Place("Board", "#", current=True),
                Place("Day", "#day"),
                Place("Patients", "#patients"),
                Place("Staff", "#staff"),
                Place("Settings", "#settings"),
                Place("Audit", "#audit"),
            ),
            search="/patients",
            waits=3,
            waits_href="#",
            who="Jonathan Arad",
            role="Physician",
            menu=(Place("My sessions", "#"), Place("Change password", "#")),
            sign_out="#",
            demo=True,
            version="0.1",
        ),
        "person": Person(
            name="Margaret O’Neill",
            born=date(1961, 3, 12),
            record_number="WS-00418",
            href="#",
            sex="Female",
            language="Irish, English",
            marks=(
                Mark("Latex allergy", Kind.CAUTION),
                Mark("Takes apixaban", Kind.NOTE),
                Mark("Possible clot", Kind.STOP),
            ),
            demo=True,
        ),
        "drawing": place(_MAP),
        "scanned": datetime(2026, 3, 12, 14, 42, tzinfo=UTC),
        "diameter": Decimal("6.8"),
    }


def show() -> str:
    """Return the gallery page."""
    return render_template("components/gallery.html", **sample())


def screen(name: str) -> str:
    """Return one sample screen: board, day, scan, reading, plan, intake, sign-in or document."""
    if name not in SCREENS:
        abort(404)
    return render_template(f"components/gallery/{name}.html", **sample())


def install(app: Flask) -> None:
    """Open the gallery at /_components; called only where people develop or test."""
    app.add_url_rule("/_components", "gallery.show", public(show))
    app.add_url_rule("/_components/<name>", "gallery.screen", public(screen))
