variable "name" {
  description = "The cluster's name and the prefix of the others; also GP_EGRESS."
  type        = string
}

variable "environment" {
  description = "Part of the log group's name."
  type        = string
}

variable "region" {
  description = "Where the log group is."
  type        = string
}

variable "image" {
  description = "The first image; the deploy workflow rolls out later ones."
  type        = string
}

variable "repository_arn" {
  description = "Where images are pulled from."
  type        = string
}

variable "bot" {
  description = "The bot's router, as MODULE:ATTR."
  type        = string
}

variable "application_id" {
  description = "DISCORD_APPLICATION_ID."
  type        = string
}

variable "settings" {
  description = "More settings of the worker by their names, as docs/settings.md lists them. No secrets: these are read in the console."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.settings) : !can(regex("TOKEN|PASSWORD|SECRET|HEADERS|RABBITMQ_URL|REDIS_URL", upper(name)))])
    error_message = "Secrets are given by reference: see modules/secrets."
  }

  validation {
    condition     = alltrue([for value in values(var.settings) : !can(regex("://[^/]*@", value))])
    error_message = "An address with a password is a secret."
  }

  validation {
    condition     = alltrue([for name in keys(var.settings) : !contains(["GP_HOST", "PORT", "GP_PREFIX", "LOG_FORMAT", "LOG_LEVEL"], name)])
    error_message = "The health check, the alarms and the scaling rely on GP_HOST, PORT, GP_PREFIX, LOG_FORMAT and LOG_LEVEL."
  }
}

variable "cpu" {
  description = "CPU units of a task; 1024 are one virtual CPU. One process uses one at most."
  type        = number
}

variable "memory" {
  description = "MiB of a task."
  type        = number
}

variable "concurrency" {
  description = "INTERACTION_CONCURRENCY."
  type        = number
}

variable "tasks" {
  description = "Fewest and most."
  type        = object({ min = number, max = number })
}

variable "subnet_ids" {
  description = "Private subnets."
  type        = list(string)
}

variable "security_group_id" {
  description = "What tasks may reach."
  type        = string
}

variable "secret_arns" {
  description = "Secrets by the variable that a task gets them as."
  type        = map(string)
}

variable "kms_key_arn" {
  description = "The key that encrypts logs and secrets."
  type        = string
}

variable "log_days" {
  description = "How long logs are kept."
  type        = number
}
