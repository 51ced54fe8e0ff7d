"""Join the stage's pages to its blueprint."""

from workflow.ultrasound import booking_views, live_views, scan_views
from workflow.ultrasound.blueprint import bp

__all__ = ["booking_views", "bp", "live_views", "scan_views"]
