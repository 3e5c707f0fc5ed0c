# What a task is given by valueFrom: it is read when a task starts and is in no definition, no log and no console.

locals {
  urls = {
    RABBITMQ_URL = var.rabbitmq_url
    REDIS_URL    = var.redis_url
  }
}

resource "aws_secretsmanager_secret" "url" {
  # checkov:skip=CKV2_AWS_57: rotated by Terraform (taint the random_password), since broker and secret change together
  for_each = toset(["RABBITMQ_URL", "REDIS_URL"])

  name_prefix = "${var.name}/${each.key}-"
  kms_key_id  = var.kms_key_arn
}

resource "aws_secretsmanager_secret_version" "url" {
  for_each = toset(["RABBITMQ_URL", "REDIS_URL"])

  secret_id     = aws_secretsmanager_secret.url[each.key].id
  secret_string = local.urls[each.key]
}

# Its value is put in by hand, once, from Discord's developer portal: Terraform never sees it.
resource "aws_secretsmanager_secret" "bot_token" {
  # checkov:skip=CKV2_AWS_57: only Discord's developer portal makes new bot tokens
  count = var.with_bot_token ? 1 : 0

  name_prefix = "${var.name}/DISCORD_BOT_TOKEN-"
  kms_key_id  = var.kms_key_arn
}
