# The same picture as the Grafana dashboard, in CloudWatch: is everybody answered in time, what waits, what runs.

locals {
  charts = [
    {
      title   = "Oldest interaction without a first answer (s)"
      stat    = "Maximum"
      metrics = [[local.namespace, "OldestInteractionSeconds"]]
    },
    {
      title   = "Missed deadlines and dead letters"
      stat    = "Sum"
      metrics = [[local.namespace, "DeadlineMisses"], [local.namespace, "DeadLetters"]]
    },
    {
      title   = "Messages that wait"
      stat    = "Average"
      metrics = [for queue in values(local.queues) : ["AWS/AmazonMQ", "MessageReadyCount", "Broker", var.broker_name, "VirtualHost", "/", "Queue", queue]]
    },
    {
      title   = "Dead letters kept"
      stat    = "Maximum"
      metrics = [for queue in values(local.dead_letter_queues) : ["AWS/AmazonMQ", "MessageCount", "Broker", var.broker_name, "VirtualHost", "/", "Queue", queue]]
    },
    {
      title   = "Tasks"
      stat    = "Average"
      metrics = [for metric in ["RunningTaskCount", "DesiredTaskCount"] : ["ECS/ContainerInsights", metric, "ClusterName", var.cluster_name, "ServiceName", var.service_name]]
    },
    {
      title   = "Workers' processor and memory (%)"
      stat    = "Maximum"
      metrics = [for metric in ["CPUUtilization", "MemoryUtilization"] : ["AWS/ECS", metric, "ClusterName", var.cluster_name, "ServiceName", var.service_name]]
    },
    {
      title   = "Valkey's memory (%)"
      stat    = "Maximum"
      metrics = [for node in var.state_node_ids : ["AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "CacheClusterId", node]]
    },
    {
      title   = "RabbitMQ's memory"
      stat    = "Maximum"
      metrics = [for metric in ["RabbitMQMemUsed", "RabbitMQMemLimit"] : ["AWS/AmazonMQ", metric, "Broker", var.broker_name]]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [
      for number, chart in local.charts : {
        type       = "metric"
        x          = 12 * (number % 2)
        y          = 6 * floor(number / 2)
        width      = 12
        height     = 6
        properties = merge(chart, { region = var.region, period = 60, view = "timeSeries" })
      }
    ]
  })
}
