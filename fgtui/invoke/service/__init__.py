"""The service that holds deployed functions: its addresses, calls, answers and errors."""
