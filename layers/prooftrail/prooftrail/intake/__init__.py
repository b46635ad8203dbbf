"""The write side: jobs from the queue to stored events, dead letters and back."""
