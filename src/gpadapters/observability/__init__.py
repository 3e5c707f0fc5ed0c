"""Metrics, log formatting and redaction."""
