"""The way of events from a process to the queue: memory, disk, threads and forks."""
