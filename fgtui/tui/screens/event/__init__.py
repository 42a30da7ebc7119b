"""The event being crafted: its text and form, what is wrong with it, and what is made of it."""
