"""The workbench: the only part that knows Textual."""
