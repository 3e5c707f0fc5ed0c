variable "name" {
  description = "Prefix of the policies' names."
  type        = string
}

variable "cluster_name" {
  description = "The ECS cluster."
  type        = string
}

variable "service_name" {
  description = "The ECS service."
  type        = string
}

variable "broker_name" {
  description = "The dimension Broker."
  type        = string
}

variable "metrics" {
  description = "Namespace of the workers' own metrics."
  type        = string
}

variable "concurrency" {
  description = "Interaction handlers that one task runs at a time."
  type        = number
}

variable "tasks" {
  description = "Fewest and most."
  type        = object({ min = number, max = number })

  validation {
    condition     = var.tasks.min >= 2 && var.tasks.min <= var.tasks.max && var.tasks.max <= 20
    error_message = "From 2, so that one can die, to 20 at most."
  }
}
