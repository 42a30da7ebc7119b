"""What came back, and what is made of it for others."""
