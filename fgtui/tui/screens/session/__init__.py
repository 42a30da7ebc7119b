"""The recordings: the table of a session, and all that is asked of many of them at once."""
