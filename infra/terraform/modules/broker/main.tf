# RabbitMQ by Amazon MQ. 3.13 on purpose: for RabbitMQ 4 Amazon MQ publishes no metrics of single queues, and both the
# scaling and two alarms need them (ADR 0031). It listens with TLS only, on 5671.

resource "random_password" "worker" {
  length = 40
  # It becomes a part of a URL.
  special = false
}

resource "aws_mq_broker" "this" {
  # checkov:skip=CKV_AWS_209: RabbitMQ brokers are encrypted with a key of AWS's own; another cannot be chosen
  # checkov:skip=CKV_AWS_48: RabbitMQ brokers have general logs only, which are on; audit logs are ActiveMQ's
  broker_name                = var.name
  engine_type                = "RabbitMQ"
  engine_version             = "3.13"
  host_instance_type         = var.instance_type
  deployment_mode            = var.cluster ? "CLUSTER_MULTI_AZ" : "SINGLE_INSTANCE"
  subnet_ids                 = var.cluster ? var.subnet_ids : slice(var.subnet_ids, 0, 1)
  security_groups            = [var.security_group_id]
  publicly_accessible        = false
  auto_minor_version_upgrade = true

  user {
    username = "gp"
    password = random_password.worker.result
  }

  logs {
    general = true
  }

  maintenance_window_start_time {
    day_of_week = "TUESDAY"
    time_of_day = "04:00"
    time_zone   = "UTC"
  }
}

locals {
  # amqps://host:5671, as Amazon MQ gives it.
  endpoint = aws_mq_broker.this.instances[0].endpoints[0]
}
