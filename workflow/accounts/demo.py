"""Name the four people who work in the demo clinic."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.accounts.actions import add_staff
from workflow.domain.staff import Role
from workflow.models.staff import Staff

DEMO_PASSWORD = "calm-green-valve-42"  # noqa: S105 - shown on the sign-in page of the demo

DEMO_STAFF = (
    ("frontdesk", "Dana Whitfield", "", Role.FRONT_DESK),
    ("sonographer", "Marisol Vega", "RVT", Role.SONOGRAPHER),
    ("physician", "", "MD", Role.PHYSICIAN),
    ("admin", "Priya Raman", "", Role.ADMINISTRATOR),
)


def add_demo_staff(session: Session, *, physician: str, at: datetime) -> dict[Role, Staff]:
    """Add the four, the physician under the clinic's physician's name."""
    return {
        role: add_staff(
            session,
            username=username,
            name=name or physician,
            credentials=credentials,
            role=role,
            password=DEMO_PASSWORD,
            by=None,
            at=at,
        )
        for username, name, credentials, role in DEMO_STAFF
    }
