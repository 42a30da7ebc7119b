"""What FunctionGraph sends. Pure: no clock, no network, no screen."""
