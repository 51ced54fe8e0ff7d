"""The documents of a patient, as they were issued."""
