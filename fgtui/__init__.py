"""fgtui: craft events for FunctionGraph functions, send them, keep every exchange."""

__version__ = "0.1.0"
