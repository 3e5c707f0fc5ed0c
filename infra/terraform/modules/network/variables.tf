variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "cidr" {
  description = "Addresses of the network, a /16."
  type        = string
}

variable "zones" {
  description = "The availability zones that are used."
  type        = list(string)
}

variable "nat_per_zone" {
  description = "A NAT gateway in every zone, or one for all."
  type        = bool
}

variable "log_group" {
  description = "Name of the flow log's group."
  type        = string
}

variable "log_days" {
  description = "How long it is kept."
  type        = number
}

variable "log_kms_arn" {
  description = "The key that encrypts it."
  type        = string
}
