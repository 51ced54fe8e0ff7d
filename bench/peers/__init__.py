"""The same pages, by the frameworks others would have taken."""
