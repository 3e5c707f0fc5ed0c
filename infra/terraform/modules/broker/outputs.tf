output "url" {
  description = "RABBITMQ_URL, password included."
  value       = replace(local.endpoint, "amqps://", "amqps://gp:${random_password.worker.result}@")
  sensitive   = true
}

output "name" {
  description = "The dimension Broker of its metrics."
  value       = aws_mq_broker.this.broker_name
}
