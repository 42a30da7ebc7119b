"""What differs, structurally."""
