"""What a person may type about the criteria: the profile, the clinic's own cut-offs, the limits."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import ValidationError

from workflow.domain.criteria import (
    CUTOFFS,
    OWN,
    decimals,
    limit_words,
    own_profile,
    range_words,
    source_words,
)
from workflow.domain.limits import ABOUT, DEFAULT_LIMITS, Limits, contradictions
from workflow.domain.phrases import capital, plain_number
from workflow.domain.profile import LONGEST_MS, PROFILES, SHORTEST_MS, Cutoff, Profile
from workflow.forms import CleanForm, Number, Paragraphs, Pick

COMPARISONS = (("over", "over"), ("reaching", "at least"))
SHOWN = "Say both times of what is shown as borderline, or neither."
SHOWN_ORDER = "The first time of what is shown as borderline must be the shorter one."
TYPED_BUT_NOT_CHOSEN = (
    "Cut-offs were changed below. Choose the clinic’s own cut-offs, or put them back."
)
_OWN_BOXES = (
    *("shown_low", "shown_high"),
    *(f"{name}_{part}" for name in CUTOFFS for part in ("ms", "compared")),
)
_MS: dict[str, Any] = {"low": str(SHORTEST_MS), "high": str(LONGEST_MS), "unit": "ms"}


class CriteriaForm(CleanForm):
    """A version of the criteria. Its boxes for cut-offs and limits are named as the values are."""

    seen = HiddenField()
    profile = Pick(
        "Threshold profile",
        [(each.id, each.name) for each in PROFILES.values()] + [(OWN, "The clinic’s own cut-offs")],
        required="Choose a profile.",
    )
    shown_low = Number("Perforator shown as borderline from", **_MS)
    shown_high = Number("Perforator shown as borderline up to", **_MS)
    reason = Paragraphs(
        "Why these change",
        longest=500,
        required="Write why, for whoever reads this version later.",
        hint="Kept with the version, with your name and the time.",
    )

    def validate_profile(self, field: Pick) -> None:
        """Refuse cut-offs that were typed where a guideline was chosen: they would be lost."""
        boxes = (self[name] for name in _OWN_BOXES)
        if field.value != OWN and any(str(box.data) != str(box.object_data) for box in boxes):
            raise ValidationError(TYPED_BUT_NOT_CHOSEN)

    def validate_shown_high(self, field: Number) -> None:
        """Refuse a borderline range with one end, or with its ends the wrong way round."""
        low, high = self.shown_low.value, field.value
        if (low is None) is not (high is None):
            raise ValidationError(SHOWN)
        if low is not None and low > high:
            raise ValidationError(SHOWN_ORDER)

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether every value can be used; limits that contradict are refused at their box."""
        if not super().validate(extra_validators):
            return False
        wrong = contradictions(self.limits())
        for name, sentence in wrong.items():
            self[name].errors = [sentence]
        return not wrong

    def limits(self) -> Limits:
        """Return the limits as typed; call it after the boxes have been read."""
        return Limits(**{name: self[name].value for name in ABOUT})

    def criteria(self) -> Profile:
        """Return the profile as typed, its limits within; call it after the form is valid."""
        if self.profile.value == OWN:
            return own_profile(self.limits(), **{name: self._cutoff(name) for name in CUTOFFS})
        chosen = PROFILES[self.profile.value or ""]
        return Profile(
            **{name: getattr(chosen, name) for name in ("id", "version", "name", *CUTOFFS)},
            limits=self.limits(),
        )

    def _cutoff(self, name: str) -> Cutoff:
        low, high = self.shown_low.value, self.shown_high.value
        shown = (int(low), int(high)) if name == "perforator" and low is not None else None
        reaching = self[f"{name}_compared"].value == "reaching"
        return Cutoff(int(self[f"{name}_ms"].value), reaching, shown)


def typed(profile: Profile) -> dict[str, Any]:
    """Return the criteria as the boxes of the form hold them."""
    shown = profile.perforator.shown_as_borderline or ("", "")
    values: dict[str, Any] = {"profile": profile.id, "shown_low": shown[0], "shown_high": shown[1]}
    for name in CUTOFFS:
        cutoff: Cutoff = getattr(profile, name)
        values[f"{name}_ms"] = str(cutoff.ms)
        values[f"{name}_compared"] = "reaching" if cutoff.reaching_counts else "over"
    values |= {name: plain_number(getattr(profile.limits, name)) for name in ABOUT}
    return values


def _box(name: str) -> Number:
    about = ABOUT[name]
    reference = limit_words(DEFAULT_LIMITS, name)
    return Number(
        about.label,
        low=about.low,
        high=about.high,
        places=decimals(name),
        unit=about.unit,
        required=f"Type a number, {range_words(name)}.",
        hint=f"{capital(about.says)}. Reference {reference}, may be {range_words(name)}. "
        f"{source_words(about.source)}.",
    )


for _name, _label in CUTOFFS.items():
    setattr(
        CriteriaForm,
        f"{_name}_ms",
        Number(_label, required="Type the time in milliseconds.", **_MS),
    )
    setattr(
        CriteriaForm,
        f"{_name}_compared",
        Pick(f"{_label}: reflux is", COMPARISONS, required="Choose one."),
    )
for _name in ABOUT:
    setattr(CriteriaForm, _name, _box(_name))
