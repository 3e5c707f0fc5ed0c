variable "name" {
  description = "The replication group's name."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets."
  type        = list(string)
}

variable "node_type" {
  description = "Such as cache.m7g.large."
  type        = string
}

variable "nodes" {
  description = "Nodes, the primary included; at least two."
  type        = number

  validation {
    condition     = var.nodes >= 2
    error_message = "One node has nobody to take over."
  }
}

variable "security_group_id" {
  description = "Who may reach it."
  type        = string
}

variable "kms_key_arn" {
  description = "The key that encrypts it."
  type        = string
}
