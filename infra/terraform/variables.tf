variable "environment" {
  description = "Which deployment this is; part of every name."
  type        = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "Choose staging or production."
  }
}

variable "region" {
  description = "Where everything runs. Discord answers from many places; what counts is being near your own users' data."
  type        = string
}

variable "cidr" {
  description = "Addresses of the network, a /16."
  type        = string
  default     = "10.40.0.0/16"
}

variable "zones" {
  description = "The availability zones that are used, by name; a broker cluster needs three."
  type        = list(string)

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 3
    error_message = "Name two or three."
  }
}

variable "nat_per_zone" {
  description = "A NAT gateway in every zone, or one for all. Each is an address that Discord sees: gp's ban budget is kept per GP_EGRESS."
  type        = bool
}

variable "application_id" {
  description = "The Discord application's id: a snowflake, no secret."
  type        = string

  validation {
    condition     = can(regex("^[1-9][0-9]{16,19}$", var.application_id))
    error_message = "Discord's developer portal shows it: 17 to 20 digits."
  }
}

variable "bot" {
  description = "The bot's router in the image, as MODULE:ATTR."
  type        = string
  default     = "bot:router"
}

variable "settings" {
  description = "More settings of the worker by their names, as docs/settings.md lists them. No secrets: these are read in the console."
  type        = map(string)
  default     = {}
}

variable "image_tag" {
  description = "Tag of the first image, such as staging-<commit>. Later ones are rolled out by the deploy workflow."
  type        = string
}

variable "with_bot_token" {
  description = "Whether the bot does anything as the bot (ctx.bot): only then is there a secret for its token, and only then may tasks read it."
  type        = bool
  default     = false
}

variable "broker" {
  description = "Amazon MQ: host_instance_type, and whether it is a cluster of three."
  type = object({
    instance_type = string
    cluster       = bool
  })
}

variable "state" {
  description = "ElastiCache: node_type, and how many nodes, the primary included."
  type = object({
    node_type = string
    nodes     = number
  })
}

variable "task" {
  description = "One worker: CPU units and MiB as Fargate knows them, and interaction handlers running at a time."
  type = object({
    cpu         = number
    memory      = number
    concurrency = number
  })
}

variable "tasks" {
  description = "Fewest and most workers."
  type = object({
    min = number
    max = number
  })
  default = { min = 2, max = 20 }
}

variable "log_retention_days" {
  description = "How long logs are kept; one of CloudWatch's numbers."
  type        = number
}

variable "alarm_emails" {
  description = "Who is told. Each address confirms its subscription once."
  type        = list(string)
  default     = []
}

variable "repository" {
  description = "OWNER/NAME on GitHub whose deploy workflow may roll out; empty for none."
  type        = string
  default     = ""
}
