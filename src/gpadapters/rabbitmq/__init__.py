"""Deliveries, publishing and topology over AMQP 0-9-1."""
