"""Decide which words are the same but for one slip of the keyboard.

Two words within one slip share a word that either becomes when one letter is left out; such
shortened words, kept in a table, find a misspelt name without reading every name.
"""

SHORTEST = 4
"""A shorter word is looked for as it stands: with a slip it would fit almost anything."""
LONGEST = 24
"""Of a longer word only the beginning is compared."""


def shortened(word: str) -> frozenset[str]:
    """Return the word itself, and what it becomes when any one of its letters is left out."""
    word = word[:LONGEST]
    return frozenset([word, *(word[:at] + word[at + 1 :] for at in range(len(word)))])


def within_one_slip(one: str, other: str) -> bool:
    """Say whether one added, dropped, changed or swapped letter turns one text into the other."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] == long[at : at + 2]
    return short[at + 1 :] == long[at + 1 :] or (swapped and short[at + 2 :] == long[at + 2 :])
