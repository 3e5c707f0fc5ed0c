variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "environment" {
  description = "Part of the namespace of the workers' own metrics."
  type        = string
}

variable "region" {
  description = "Whose metrics the dashboard shows."
  type        = string
}

variable "kms_key_arn" {
  description = "The key that encrypts notices."
  type        = string
}

variable "emails" {
  description = "Who is told."
  type        = list(string)
}

variable "cluster_name" {
  description = "The dimension ClusterName."
  type        = string
}

variable "service_name" {
  description = "The dimension ServiceName."
  type        = string
}

variable "log_group_name" {
  description = "Where the workers log their pulse."
  type        = string
}

variable "broker_name" {
  description = "The dimension Broker."
  type        = string
}

variable "state_node_ids" {
  description = "The dimension CacheClusterId of each node."
  type        = list(string)
}
