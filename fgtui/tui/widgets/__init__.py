"""Widgets: each shows one thing, and posts messages that carry domain values."""
