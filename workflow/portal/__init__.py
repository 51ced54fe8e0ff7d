"""What a patient opens with a link and their date of birth."""
