"""A local endpoint that speaks the invocation API and the gateway's HTTP, in front of an invoker."""
