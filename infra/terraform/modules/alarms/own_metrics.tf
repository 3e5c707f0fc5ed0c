# The workers' own metrics. Every fifteen seconds a worker logs its pulse, one JSON line of the logger gp.pulse; these
# filters make metrics of its numbers. No agent runs beside the worker and no role may publish metrics (ADR 0031).

locals {
  pulse = {
    OldestInteractionSeconds = { field = "oldest_interaction_seconds", unit = "Seconds" }
    DeadlineMisses           = { field = "deadline_misses", unit = "Count" }
    DeadLetters              = { field = "dead_letters", unit = "Count" }
    InFlight                 = { field = "in_flight", unit = "Count" }
  }
}

resource "aws_cloudwatch_log_metric_filter" "pulse" {
  for_each = local.pulse

  name           = "${var.name}-${each.value.field}"
  log_group_name = var.log_group_name
  pattern        = "{ $.logger = \"gp.pulse\" }"

  metric_transformation {
    namespace = local.namespace
    name      = each.key
    value     = "$.${each.value.field}"
    unit      = each.value.unit
  }
}
