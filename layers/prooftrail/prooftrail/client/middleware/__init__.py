"""Middleware that binds who and where for the events of a request."""
