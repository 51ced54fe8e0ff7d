"""Measure what the product costs, as ratios taken side by side in one run."""
