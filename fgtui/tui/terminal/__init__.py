"""A terminal's own ways: signals, lending it to others, painting."""
