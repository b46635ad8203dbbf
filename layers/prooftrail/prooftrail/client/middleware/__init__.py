"""Middleware that binds the user, the address and more for the events of a request."""
