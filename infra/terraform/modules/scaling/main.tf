# From two workers to twenty, by what waits and by how long it has waited.
#
# Target tracking follows messages per task: those in the queue and those being worked on, so that the number is
# proportional to the load and does not fall to nothing as soon as everybody is busy. It also scales in. Age is not
# proportional to anything: when the oldest interaction is a second old, two thirds of Discord's patience are left, and
# a step adds half of what runs. See infra/terraform/README.md for where each metric comes from.

locals {
  mq        = "AWS/AmazonMQ"
  container = "ECS/ContainerInsights"
  lanes = {
    interactions = { queue = "gp.interactions", target = var.concurrency }
    # Events can wait: twice what a task works on at a time.
    events = { queue = "gp.events.guild", target = 40 }
  }
}

resource "aws_appautoscaling_target" "worker" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster_name}/${var.service_name}"
  min_capacity       = var.tasks.min
  max_capacity       = var.tasks.max
}

resource "aws_appautoscaling_policy" "backlog" {
  for_each = local.lanes

  name               = "${var.name}-${each.key}-per-task"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension
  resource_id        = aws_appautoscaling_target.worker.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.target
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    customized_metric_specification {
      metrics {
        id          = "per_task"
        label       = "Messages of ${each.value.queue} per task"
        expression  = "messages / FILL(tasks, 1)"
        return_data = true
      }

      metrics {
        id          = "messages"
        return_data = false
        metric_stat {
          stat = "Average"
          metric {
            namespace   = local.mq
            metric_name = "MessageCount"
            dimensions {
              name  = "Broker"
              value = var.broker_name
            }
            dimensions {
              name  = "VirtualHost"
              value = "/"
            }
            dimensions {
              name  = "Queue"
              value = each.value.queue
            }
          }
        }
      }

      metrics {
        id          = "tasks"
        return_data = false
        metric_stat {
          stat = "Average"
          metric {
            namespace   = local.container
            metric_name = "RunningTaskCount"
            dimensions {
              name  = "ClusterName"
              value = var.cluster_name
            }
            dimensions {
              name  = "ServiceName"
              value = var.service_name
            }
          }
        }
      }
    }
  }
}

resource "aws_appautoscaling_policy" "age" {
  name               = "${var.name}-oldest-interaction"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension
  resource_id        = aws_appautoscaling_target.worker.resource_id

  step_scaling_policy_configuration {
    adjustment_type          = "PercentChangeInCapacity"
    min_adjustment_magnitude = 2
    metric_aggregation_type  = "Maximum"
    cooldown                 = 60

    # Bounds are above the alarm's threshold of one second.
    step_adjustment {
      metric_interval_lower_bound = 0
      metric_interval_upper_bound = 1
      scaling_adjustment          = 50
    }

    step_adjustment {
      metric_interval_lower_bound = 1
      scaling_adjustment          = 100
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "age" {
  alarm_name          = "${var.name}-scale-out-by-age"
  alarm_description   = "Interactions wait a second for their first answer: more workers are started"
  namespace           = var.metrics
  metric_name         = "OldestInteractionSeconds"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_appautoscaling_policy.age.arn]
}
