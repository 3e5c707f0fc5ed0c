variable "name" {
  description = "The repository's name."
  type        = string
}

variable "kms_key_arn" {
  description = "The key that encrypts images."
  type        = string
}
