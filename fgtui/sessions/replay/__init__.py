"""Sending recorded events again."""
