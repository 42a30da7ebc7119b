"""The event as a text: lines, history, places, search, and what reads it; no screen."""
