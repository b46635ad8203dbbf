"""Benchmarks of what the system costs: CPU, memory, cold starts, write units and rows read."""
