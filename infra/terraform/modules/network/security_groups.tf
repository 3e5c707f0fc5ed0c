# Who may speak to whom. Rules are resources of their own: what is not written here is not allowed.
# Names are resolved by the network's own resolver, which security groups do not filter.

resource "aws_security_group" "worker" {
  # checkov:skip=CKV2_AWS_5: attached to the service by the module worker
  name_prefix = "${var.name}-worker-"
  description = "Workers: nobody reaches them; they reach the broker, the state and HTTPS"
  vpc_id      = aws_vpc.this.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "broker" {
  # checkov:skip=CKV2_AWS_5: attached to the broker by the module broker
  name_prefix = "${var.name}-broker-"
  description = "RabbitMQ: workers reach it; it reaches nobody"
  vpc_id      = aws_vpc.this.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "state" {
  # checkov:skip=CKV2_AWS_5: attached to the replication group by the module state
  name_prefix = "${var.name}-state-"
  description = "Valkey: workers reach it; it reaches nobody"
  vpc_id      = aws_vpc.this.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "worker_to_broker" {
  security_group_id            = aws_security_group.worker.id
  description                  = "AMQP over TLS"
  ip_protocol                  = "tcp"
  from_port                    = 5671
  to_port                      = 5671
  referenced_security_group_id = aws_security_group.broker.id
}

resource "aws_vpc_security_group_egress_rule" "worker_to_state" {
  security_group_id            = aws_security_group.worker.id
  description                  = "Redis protocol over TLS"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = aws_security_group.state.id
}

resource "aws_vpc_security_group_egress_rule" "worker_to_https" {
  security_group_id = aws_security_group.worker.id
  description       = "Discord, and AWS for the image, the secrets and the logs"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "broker_from_worker" {
  security_group_id            = aws_security_group.broker.id
  description                  = "AMQP over TLS"
  ip_protocol                  = "tcp"
  from_port                    = 5671
  to_port                      = 5671
  referenced_security_group_id = aws_security_group.worker.id
}

resource "aws_vpc_security_group_ingress_rule" "state_from_worker" {
  security_group_id            = aws_security_group.state.id
  description                  = "Redis protocol over TLS"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = aws_security_group.worker.id
}
