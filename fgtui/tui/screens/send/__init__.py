"""Sending: where to, whether it may be, and what goes on while it does."""
