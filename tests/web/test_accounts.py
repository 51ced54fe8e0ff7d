"""Sign-in, set-up and staff, as people use them."""

from collections.abc import Callable

from tests.browser import Browser
from workflow.domain.staff import Role


def test_each_role_signs_in_and_stays_signed_in(signed_in: Callable[[Role], Browser]) -> None:
    for role in Role:
        page = signed_in(role).page("/me/sign-ins")
        assert "This one" in page.text
