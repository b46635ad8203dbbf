"""The whole system under faults, in one process and in simulated time.

`python -m soak` sends many events while AWS fails, functions die and poison arrives, and reports
whether the promises held. `tests/faults` runs the same system step by step.
"""
