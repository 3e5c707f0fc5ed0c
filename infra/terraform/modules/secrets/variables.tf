variable "name" {
  description = "Prefix of the secrets' names."
  type        = string
}

variable "kms_key_arn" {
  description = "The key that encrypts them."
  type        = string
}

variable "rabbitmq_url" {
  description = "RABBITMQ_URL."
  type        = string
  sensitive   = true
}

variable "redis_url" {
  description = "REDIS_URL."
  type        = string
  sensitive   = true
}

variable "with_bot_token" {
  description = "Whether there is a secret for the bot token."
  type        = bool
}
