"""The Wellness Ultrasound: ordering it, giving it a time, and recording what it shows."""
