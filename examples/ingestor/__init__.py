"""A road from Discord: what the gateway sends goes to RabbitMQ, where workers take it up."""
