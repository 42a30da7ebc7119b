"""Sessions as files to share."""
