"""Turn what a browser sends into values the rules can take, or into a sentence at the field.

Every field keeps the text as typed, so that a refused page loses nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from workflow import papernames
from workflow.domain import entry
from workflow.domain.errors import Refused


class CleanForm(FlaskForm):
    """A form whose fields refuse with the sentences of `workflow.domain.entry`."""

    submission = HiddenField()


class Clean(StringField):
    """Text that is read by one of `workflow.domain.entry`'s readers; `value` is what it read."""

    def __init__(
        self,
        label: str,
        reader: Callable[[str], Any],
        *,
        required: str = "",
        hint: str = "",
        unit: str = "",
        numeric: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.reader, self.required, self.unit, self.numeric = reader, required, unit, numeric
        self.value: Any = None

    def pre_validate(self, form: Any) -> None:
        """Read the text; an empty one is refused only where the field is required."""
        text = "" if self.data is None else str(self.data)
        try:
            self.value = self.reader(text) if text.strip() else None
        except Refused as refusal:
            raise StopValidation(str(refusal)) from None
        if self.value in (None, "") and self.required:
            raise StopValidation(self.required)


class Line(Clean):
    """One line of text."""

    def __init__(self, label: str, *, longest: int = 100, **kwargs: Any) -> None:
        super().__init__(label, lambda text: entry.line(text, longest=longest), **kwargs)


class Paragraphs(Clean, TextAreaField):
    """Several lines of text."""

    def __init__(self, label: str, *, longest: int = 2000, **kwargs: Any) -> None:
        super().__init__(label, lambda text: entry.paragraphs(text, longest=longest), **kwargs)


class Number(Clean):
    """A number with its unit and range, written plainly; comma or point."""

    def __init__(
        self, label: str, *, low: str, high: str, places: int = 0, unit: str = "", **kwargs: Any
    ) -> None:
        bounds = {"low": Decimal(low), "high": Decimal(high)}
        super().__init__(
            label,
            lambda text: entry.number(text, places=places, unit=unit, **bounds),
            unit=unit,
            numeric=True,
            **kwargs,
        )


class KnownDate(Field):
    """A date a person knows, typed as day, month and year; the month also by name."""

    def __init__(
        self,
        label: str,
        *,
        required: str = "",
        hint: str = "",
        latest: Callable[[], date] | None = None,
        too_late: str = "The date lies in the future.",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.required, self.latest, self.too_late = required, latest, too_late
        self.parts = {"day": "", "month": "", "year": ""}
        self.value: date | None = None

    def process(
        self, formdata: Any, data: Any = None, extra_filters: Sequence[Any] | None = None
    ) -> None:
        """Take the three inputs `name-day`, `name-month` and `name-year`."""
        self.process_errors: list[str] = []
        self.object_data = self.data = data
        if isinstance(data, date):
            self.parts = {
                "day": str(data.day),
                "month": data.strftime("%b"),
                "year": f"{data.year:04d}",
            }
        if formdata is not None and any(f"{self.name}-{part}" in formdata for part in self.parts):
            self.parts = {part: formdata.get(f"{self.name}-{part}", "") for part in self.parts}
            self.raw_data = list(self.parts.values())

    def pre_validate(self, form: Any) -> None:
        """Read the date; all three empty is 'not given'."""
        if not any(part.strip() for part in self.parts.values()):
            if self.required:
                raise StopValidation(self.required)
            self.value = self.data = None
            return
        try:
            self.value = self.data = entry.day(
                *(self.parts[part] for part in ("day", "month", "year"))
            )
        except Refused as refusal:
            raise StopValidation(str(refusal)) from None
        if self.latest is not None and self.value > self.latest():
            raise StopValidation(self.too_late)


class Pick(RadioField):
    """One of a closed list; an unlisted answer is refused, no answer is None."""

    def __init__(
        self,
        label: str,
        choices: Iterable[tuple[str, str]],
        *,
        required: str = "",
        hint: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, choices=[], validate_choice=False, description=hint, **kwargs)
        self.required = required
        self.offer(choices)

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Set the list, where it is not known before the page is asked for."""
        self.choices = [SelectChoice(word, label=said) for word, said in choices]

    @property
    def value(self) -> str | None:
        """Return the picked word, or None."""
        return self.data or None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list."""
        if self.data and self.data not in _listed(self):
            raise StopValidation("Choose one of the listed answers.")
        if not self.data and self.required:
            raise StopValidation(self.required)


class Ticks(SelectMultipleField):
    """Any number of a closed list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(
        self, label: str, choices: Iterable[tuple[str, str]], *, hint: str = "", **kwargs: Any
    ) -> None:
        listed = [SelectChoice(word, label=said) for word, said in choices]
        super().__init__(label, choices=listed, validate_choice=False, description=hint, **kwargs)

    @property
    def value(self) -> list[str]:
        """Return the ticked words, in the order of the list."""
        ticked = set(self.data or [])
        return [word for word in _listed(self) if word in ticked]

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list."""
        if not set(self.data or []) <= set(_listed(self)):
            raise StopValidation("Choose from the listed answers.")


def _listed(field: Pick | Ticks) -> list[str]:
    return [str(choice.value) for choice in field.choices or []]


def words(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Return an enumeration as choices: the stored word and the word to show."""
    return [(item.value, item.value.replace("_", " ").capitalize()) for item in kind]


class SpellingForm(CleanForm):
    """The spelling that papers print in place of a name they cannot set."""

    spelling = Clean(
        "Latin spelling for paper",
        papernames.spelling,
        required="Type the name in Latin letters.",
        hint="As on a passport or an insurance card. The record keeps the name as it is.",
    )
