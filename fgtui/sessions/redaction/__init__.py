"""Taking secrets out before anything is written, and saying what was."""
