output "cluster_name" {
  description = "The dimension ClusterName."
  value       = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  description = "For the role that rolls out."
  value       = aws_ecs_cluster.this.arn
}

output "service_name" {
  description = "The dimension ServiceName."
  value       = aws_ecs_service.worker.name
}

output "service_arn" {
  description = "For the role that rolls out."
  value       = aws_ecs_service.worker.id
}

output "topology_family" {
  description = "The task that declares exchanges and queues."
  value       = aws_ecs_task_definition.topology.family
}

output "family_arns" {
  description = "Every revision of both task definitions."
  value       = [for one in [aws_ecs_task_definition.worker, aws_ecs_task_definition.topology] : "${one.arn_without_revision}:*"]
}

output "execution_role_arn" {
  description = "Starts tasks."
  value       = aws_iam_role.execution.arn
}

output "task_role_arn" {
  description = "May do nothing."
  value       = aws_iam_role.task.arn
}

output "log_group_arn" {
  description = "For the role that rolls out."
  value       = aws_cloudwatch_log_group.worker.arn
}

output "log_group_name" {
  description = "Where workers log."
  value       = aws_cloudwatch_log_group.worker.name
}
