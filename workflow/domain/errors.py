"""Say no, in a sentence a person can act on."""


class Refused(Exception):
    """A rule of the clinic forbids this now; the text is the reason, written to be shown."""


class CaseRefused(Refused):
    """A case file holds a value that cannot be taken; `path` names its key."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
