"""What a physician may type while reading a scan."""

from wtforms import HiddenField, StringField

from workflow.domain.anatomy import Leg
from workflow.forms import CleanForm, Paragraphs
from workflow.models.exam import Exam
from workflow.review.actions import LONGEST
from workflow.review.after import LONGEST as AFTER_LONGEST
from workflow.review.documents import legs_of


class ReadingForm(CleanForm):
    """The impression of each leg, the comment to the sonographer, and the password to sign.

    `revision` and `read` say which scan, and which report, was before the reader's eyes.
    """

    revision = HiddenField()
    read = HiddenField()
    R = Paragraphs("Right leg", longest=LONGEST)
    L = Paragraphs("Left leg", longest=LONGEST)
    note = Paragraphs(
        "Comment to the sonographer",
        longest=1000,
        hint="What to look at again, in a sentence. They see it above the grid.",
    )
    password = StringField("Your password")

    @property
    def seen(self) -> int:
        """Return the revision the page was read at; 0, which never is one, where it is garbled."""
        return _number(self.revision.data)

    @property
    def impression(self) -> dict[str, str]:
        """Return what is typed for each leg the form asks of."""
        return {leg.value: self[leg.value].data or "" for leg in Leg if leg.value in self}


def reading_form(exam: Exam) -> ReadingForm:
    """Return the form for one scan: only its own legs, filled with what is stored."""
    form = ReadingForm(data=dict(exam.impression))
    for leg in set(Leg) - set(legs_of(exam)):
        del form[leg.value]
    return form


class AfterForm(CleanForm):
    """One step over a signed report: its text, and the password where it is signed.

    `seen_as` is the version of the report, or the revision of the amendment, that was read.
    """

    seen_as = HiddenField()
    note = Paragraphs("Text", longest=AFTER_LONGEST, required="Write it in a sentence.")
    password = StringField("Your password")

    @property
    def seen(self) -> int:
        """Return what the page was read at; 0, which never is one, where it is garbled."""
        return _number(self.seen_as.data)


class CorrectionForm(CleanForm):
    """The corrected cells of an amendment; they are read by `corrections.correct`."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """Return the revision the page was read at; 0, which never is one, where it is garbled."""
        return _number(self.revision.data)


def _number(text: str | None) -> int:
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
