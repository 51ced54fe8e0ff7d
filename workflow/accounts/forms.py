"""What a person may type about themselves and about staff."""

import re
from typing import Any

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional

from workflow.domain.staff import Role
from workflow.forms import CleanForm, Line, Pick
from workflow.passwords import LONGEST, SHORTEST

ROLES = [(role.value, role.value.capitalize()) for role in Role]
PASSWORD_HINT = (
    f"At least {SHORTEST} characters. Four or five plain words that only you would put together."
)


def _new_password(label: str) -> Any:
    return PasswordField(
        label,
        [InputRequired("Enter a password."), Length(max=LONGEST)],
        description=PASSWORD_HINT,
    )


class SignInForm(CleanForm):
    """Username and password."""

    username = StringField("Username", [InputRequired("Enter your username."), Length(max=100)])
    password = PasswordField("Password", [InputRequired("Enter your password.")])


class CodeForm(CleanForm):
    """The second factor."""

    code = StringField("Code", [InputRequired("Enter the code."), Length(max=40)])


class SetUpForm(CleanForm):
    """The first administrator."""

    token = StringField(
        "Set-up token",
        [InputRequired("Enter the set-up token."), Length(max=100)],
        description="It was printed in the terminal when the clinic was set up.",
    )
    username = Line("Username", required="Enter a username.", longest=40)
    name = Line("Full name", required="Enter a name.", hint="As it is printed on documents.")
    credentials = Line("Credentials", longest=40, hint="For example RVT or MD.")
    password = _new_password("Password")


class ConfirmedForm(CleanForm):
    """A form over others' access: it also asks who is there where that is not fresh."""

    confirmation = PasswordField(
        "Your own password",
        [Length(max=LONGEST)],
        description="Asked again because you gave it more than five minutes ago.",
    )


class AddStaffForm(ConfirmedForm):
    """A new member of staff."""

    username = Line("Username", required="Enter a username.", longest=40, hint="No spaces.")
    name = Line("Full name", required="Enter a name.", hint="As it is printed on documents.")
    credentials = Line("Credentials", longest=40, hint="For example RVT or MD.")
    role = Pick("Role", ROLES, required="Choose a role.")
    password = PasswordField(
        "First password",
        [Optional(), Length(max=LONGEST)],
        description="Leave it empty, and you get a link by which they choose their own.",
    )


class RevisedForm(ConfirmedForm):
    """A form over someone's entry, as it was when it was read."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """The revision the administrator read; 0, which none has, where it is no number."""
        text = self.revision.data or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


class StaffForm(RevisedForm):
    """What may be changed about a member of staff."""

    name = Line("Full name", required="Enter a name.", hint="As it is printed on documents.")
    credentials = Line("Credentials", longest=40, hint="For example RVT or MD.")
    role = Pick("Role", ROLES, required="Choose a role.")


class SuspendForm(RevisedForm):
    """Why someone is kept out."""

    reason = Line("Reason", required="Write why, in a few words.", longest=200)


class NewPasswordForm(CleanForm):
    """A new password, chosen with a one-time link."""

    password = _new_password("New password")


class ConfirmForm(CleanForm):
    """The password again, before something that is more than looking."""

    password = PasswordField("Your password", [InputRequired("Enter your password.")])


class ChangePasswordForm(CleanForm):
    """A new password, by the person themselves."""

    current = PasswordField("Current password", [InputRequired("Enter your current password.")])
    password = _new_password("New password")
