"""Sending one event to one target."""
