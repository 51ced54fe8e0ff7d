"""Show where every patient stands today."""
