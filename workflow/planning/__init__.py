"""The treatment plan, vein by vein, and the moves that follow its approval."""
