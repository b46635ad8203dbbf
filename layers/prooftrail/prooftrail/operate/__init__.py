"""What operators do: health checks, clean-up, repair."""
