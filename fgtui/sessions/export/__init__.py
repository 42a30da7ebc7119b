"""Exchanges in other forms, to be handed on."""
