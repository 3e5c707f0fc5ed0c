output "url" {
  description = "REDIS_URL, password included."
  value       = "rediss://:${random_password.token.result}@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379/0"
  sensitive   = true
}

output "node_ids" {
  description = "The dimension CacheClusterId of each node's metrics."
  # ElastiCache numbers a group's nodes from 001.
  value = [for number in range(var.nodes) : format("%s-%03d", var.name, number + 1)]
}
