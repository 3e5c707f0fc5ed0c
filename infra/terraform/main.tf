# One environment: everything a worker needs, and the worker. See README.md for the order of the first time.

locals {
  name = "gp-${var.environment}"
}

# One key for everything that is kept: logs, images, secrets, state, notices.
resource "aws_kms_key" "this" {
  description             = "${local.name}: what gp keeps"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "this" {
  name          = "alias/${local.name}"
  target_key_id = aws_kms_key.this.key_id
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "key" {
  # A key's policy speaks of that key alone: here "*" means it and nothing else.
  # checkov:skip=CKV_AWS_109: the account's administrators keep the right to manage the key
  # checkov:skip=CKV_AWS_111: as above
  # checkov:skip=CKV_AWS_356: as above
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["logs.${var.region}.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:aws:logs:${var.region}:${data.aws_caller_identity.current.account_id}:log-group:/gp/${var.environment}/*"]
    }
  }

  # An alarm may publish its notice to an encrypted topic.
  statement {
    sid       = "Alarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

module "network" {
  source = "./modules/network"

  name         = local.name
  cidr         = var.cidr
  zones        = var.zones
  nat_per_zone = var.nat_per_zone
  log_kms_arn  = aws_kms_key.this.arn
  log_group    = "/gp/${var.environment}/flow"
  log_days     = var.log_retention_days
}

module "registry" {
  source = "./modules/registry"

  name        = local.name
  kms_key_arn = aws_kms_key.this.arn
}

module "broker" {
  source = "./modules/broker"

  name              = local.name
  subnet_ids        = module.network.private_subnet_ids
  instance_type     = var.broker.instance_type
  cluster           = var.broker.cluster
  security_group_id = module.network.broker_security_group_id
}

module "state" {
  source = "./modules/state"

  name              = local.name
  subnet_ids        = module.network.private_subnet_ids
  node_type         = var.state.node_type
  nodes             = var.state.nodes
  security_group_id = module.network.state_security_group_id
  kms_key_arn       = aws_kms_key.this.arn
}

module "secrets" {
  source = "./modules/secrets"

  name           = local.name
  kms_key_arn    = aws_kms_key.this.arn
  rabbitmq_url   = module.broker.url
  redis_url      = module.state.url
  with_bot_token = var.with_bot_token
}

module "worker" {
  source = "./modules/worker"

  name              = local.name
  environment       = var.environment
  region            = var.region
  image             = "${module.registry.repository_url}:${var.image_tag}"
  repository_arn    = module.registry.repository_arn
  bot               = var.bot
  application_id    = var.application_id
  settings          = var.settings
  cpu               = var.task.cpu
  memory            = var.task.memory
  concurrency       = var.task.concurrency
  tasks             = var.tasks
  subnet_ids        = module.network.private_subnet_ids
  security_group_id = module.network.worker_security_group_id
  secret_arns       = module.secrets.arns
  kms_key_arn       = aws_kms_key.this.arn
  log_days          = var.log_retention_days
}

module "scaling" {
  source = "./modules/scaling"

  name         = local.name
  cluster_name = module.worker.cluster_name
  service_name = module.worker.service_name
  broker_name  = module.broker.name
  metrics      = module.alarms.namespace
  tasks        = var.tasks
  concurrency  = var.task.concurrency
}

module "alarms" {
  source = "./modules/alarms"

  name           = local.name
  environment    = var.environment
  region         = var.region
  kms_key_arn    = aws_kms_key.this.arn
  emails         = var.alarm_emails
  cluster_name   = module.worker.cluster_name
  service_name   = module.worker.service_name
  log_group_name = module.worker.log_group_name
  broker_name    = module.broker.name
  state_node_ids = module.state.node_ids
}

module "delivery" {
  source = "./modules/delivery"
  count  = var.repository == "" ? 0 : 1

  name               = local.name
  environment        = var.environment
  repository         = var.repository
  repository_arn     = module.registry.repository_arn
  log_group_arn      = module.worker.log_group_arn
  cluster_arn        = module.worker.cluster_arn
  service_arn        = module.worker.service_arn
  family_arns        = module.worker.family_arns
  execution_role_arn = module.worker.execution_role_arn
  task_role_arn      = module.worker.task_role_arn
}
