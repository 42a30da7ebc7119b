"""Where text meets a terminal."""
