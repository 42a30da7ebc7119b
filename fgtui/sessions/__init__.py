"""Remembering exchanges."""
