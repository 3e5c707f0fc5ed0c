output "repository_url" {
  description = "Where the deploy workflow pushes images."
  value       = module.registry.repository_url
}

output "cluster_name" {
  description = "The ECS cluster: the deploy workflow's variable ECS_CLUSTER."
  value       = module.worker.cluster_name
}

output "service_name" {
  description = "The ECS service: ECS_SERVICE."
  value       = module.worker.service_name
}

output "topology_family" {
  description = "The task that declares exchanges and queues: ECS_TOPOLOGY."
  value       = module.worker.topology_family
}

output "subnet_ids" {
  description = "Where the topology task runs: ECS_SUBNETS."
  value       = module.network.private_subnet_ids
}

output "worker_security_group_id" {
  description = "Its security group: ECS_SECURITY_GROUP."
  value       = module.network.worker_security_group_id
}

output "deploy_role_arn" {
  description = "The role that the deploy workflow takes on: AWS_ROLE."
  value       = one(module.delivery[*].role_arn)
}

output "bot_token_secret" {
  description = "Name of the secret to put the bot token into, if the deployment uses one."
  value       = module.secrets.bot_token_name
}
