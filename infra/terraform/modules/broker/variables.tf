variable "name" {
  description = "The broker's name, which is also the dimension Broker of its metrics."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets; a single instance uses the first."
  type        = list(string)
}

variable "instance_type" {
  description = "Such as mq.m7g.large."
  type        = string
}

variable "cluster" {
  description = "Three nodes in three zones, or one."
  type        = bool
}

variable "security_group_id" {
  description = "Who may reach it."
  type        = string
}
