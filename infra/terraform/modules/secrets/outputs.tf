output "arns" {
  description = "Secrets by the variable that a task gets them as."
  value = merge(
    { for name, secret in aws_secretsmanager_secret.url : name => secret.arn },
    { for secret in aws_secretsmanager_secret.bot_token : "DISCORD_BOT_TOKEN" => secret.arn },
  )
}

output "bot_token_name" {
  description = "Name of the bot token's secret; null without one."
  value       = one(aws_secretsmanager_secret.bot_token[*].name)
}
