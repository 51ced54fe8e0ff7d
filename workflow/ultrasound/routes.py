"""Join the stage's pages to its blueprint."""

from workflow.ultrasound import (
    booking_views,
    correction_views,
    image_views,
    live_views,
    scan_views,
    worksheet_views,
)
from workflow.ultrasound.blueprint import bp

__all__ = [
    "booking_views",
    "bp",
    "correction_views",
    "image_views",
    "live_views",
    "scan_views",
    "worksheet_views",
]
