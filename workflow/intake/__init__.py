"""Find a patient, register one, and take the history that a scan is ordered on."""
