"""A trail as files: by log position, resumable, with what proves them offline."""
