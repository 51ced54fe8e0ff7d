"""Show one patient's record, read only."""
