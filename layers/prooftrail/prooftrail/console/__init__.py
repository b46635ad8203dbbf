"""The web console: what `console/` builds, in `assets/`, and how a server responds with it."""
