"""Measurements, each beside what others offer in the same run; ``python -m benchmarks --help`` says how."""
