variable "name" {
  description = "Prefix of the role's name."
  type        = string
}

variable "environment" {
  description = "The environment of the repository whose jobs may take on the role."
  type        = string
}

variable "repository" {
  description = "OWNER/NAME on GitHub."
  type        = string
}

variable "repository_arn" {
  description = "Where images are pushed to."
  type        = string
}

variable "log_group_arn" {
  description = "Where workers log their pulse."
  type        = string
}

variable "cluster_arn" {
  description = "The ECS cluster."
  type        = string
}

variable "service_arn" {
  description = "The ECS service."
  type        = string
}

variable "family_arns" {
  description = "Task definitions that may be run."
  type        = list(string)
}

variable "execution_role_arn" {
  description = "Handed over to tasks."
  type        = string
}

variable "task_role_arn" {
  description = "Handed over to tasks."
  type        = string
}
