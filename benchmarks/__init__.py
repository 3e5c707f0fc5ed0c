"""Measurements; ``python -m benchmarks.own_cost`` prints one."""
