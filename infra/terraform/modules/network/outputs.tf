output "private_subnet_ids" {
  description = "One in each zone."
  value       = aws_subnet.private[*].id
}

output "worker_security_group_id" {
  description = "For tasks."
  value       = aws_security_group.worker.id
}

output "broker_security_group_id" {
  description = "For RabbitMQ."
  value       = aws_security_group.broker.id
}

output "state_security_group_id" {
  description = "For Valkey."
  value       = aws_security_group.state.id
}
