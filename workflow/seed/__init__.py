"""Fill a demo clinic with invented patients, by the actions a person takes."""
