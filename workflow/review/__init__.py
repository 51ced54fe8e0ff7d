"""Reading a scan: the physician sees it whole, corrects the drafted impression, and signs."""
