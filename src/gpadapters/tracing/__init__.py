"""Traces for OpenTelemetry; what imports its packages is imported only when traces are wanted."""
