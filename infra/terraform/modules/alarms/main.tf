# What somebody is woken for. Each alarm has a section in docs/runbook.md.

locals {
  namespace = "gp/${var.environment}"
  queues = {
    interactions = "gp.interactions"
    events       = "gp.events.guild"
  }
  dead_letter_queues = {
    interactions = "gp.interactions.dlq"
    events       = "gp.dlq"
  }
  # Messages that wait, not counting those being worked on.
  deepest = {
    interactions = 100
    events       = 5000
  }
  service = {
    ClusterName = var.cluster_name
    ServiceName = var.service_name
  }
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.emails)

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_cloudwatch_metric_alarm" "no_running_task" {
  alarm_name          = "${var.name}-no-running-task"
  alarm_description   = "No worker runs: nothing is answered. docs/runbook.md"
  namespace           = "ECS/ContainerInsights"
  metric_name         = "RunningTaskCount"
  dimensions          = local.service
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 2
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  # Without a task nothing is published at all.
  treat_missing_data = "breaching"
  alarm_actions      = [aws_sns_topic.alarms.arn]
  ok_actions         = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = local.dead_letter_queues

  alarm_name        = "${var.name}-dead-letters-${each.key}"
  alarm_description = "There are dead letters in ${each.value}: gp dlq ls. docs/runbook.md"
  namespace         = "AWS/AmazonMQ"
  metric_name       = "MessageCount"
  dimensions = {
    Broker      = var.broker_name
    VirtualHost = "/"
    Queue       = each.value
  }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "depth" {
  for_each = local.queues

  alarm_name        = "${var.name}-depth-${each.key}"
  alarm_description = "Messages wait in ${each.value}: too few workers, or they do not finish. docs/runbook.md"
  namespace         = "AWS/AmazonMQ"
  metric_name       = "MessageReadyCount"
  dimensions = {
    Broker      = var.broker_name
    VirtualHost = "/"
    Queue       = each.value
  }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 4
  threshold           = local.deepest[each.key]
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "age" {
  alarm_name          = "${var.name}-oldest-interaction"
  alarm_description   = "Interactions have waited two of their three seconds for a first answer. docs/runbook.md"
  namespace           = local.namespace
  metric_name         = "OldestInteractionSeconds"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  threshold           = 2
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "deadline_misses" {
  alarm_name          = "${var.name}-deadline-misses"
  alarm_description   = "Interactions got no first answer in time: users saw 'did not respond'. docs/runbook.md"
  namespace           = local.namespace
  metric_name         = "DeadlineMisses"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "worker_memory" {
  alarm_name          = "${var.name}-memory-worker"
  alarm_description   = "Workers use most of their memory. docs/runbook.md"
  namespace           = "AWS/ECS"
  metric_name         = "MemoryUtilization"
  dimensions          = local.service
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 80
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "state_memory" {
  for_each = toset(var.state_node_ids)

  alarm_name          = "${var.name}-memory-${each.value}"
  alarm_description   = "Valkey is nearly full; it evicts nothing and will refuse writes. docs/runbook.md"
  namespace           = "AWS/ElastiCache"
  metric_name         = "DatabaseMemoryUsagePercentage"
  dimensions          = { CacheClusterId = each.value }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 75
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "broker_memory" {
  alarm_name          = "${var.name}-memory-broker"
  alarm_description   = "RabbitMQ nears its memory limit, at which it blocks publishers. docs/runbook.md"
  evaluation_periods  = 3
  threshold           = 80
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "percent"
    expression  = "100 * used / limit"
    label       = "Memory used, of the limit"
    return_data = true
  }

  metric_query {
    id = "used"
    metric {
      namespace   = "AWS/AmazonMQ"
      metric_name = "RabbitMQMemUsed"
      dimensions  = { Broker = var.broker_name }
      stat        = "Maximum"
      period      = 60
    }
  }

  metric_query {
    id = "limit"
    metric {
      namespace   = "AWS/AmazonMQ"
      metric_name = "RabbitMQMemLimit"
      dimensions  = { Broker = var.broker_name }
      stat        = "Minimum"
      period      = 60
    }
  }
}
