output "role_arn" {
  description = "AWS_ROLE of the deploy workflow's environment."
  value       = aws_iam_role.deploy.arn
}
