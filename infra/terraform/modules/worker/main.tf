# The workers: a Fargate service that is rolled out without a gap and rolled back by itself. Nobody connects to them, so
# there is no load balancer and no port; what they need, they reach from private subnets.

locals {
  # The last five seconds of --shutdown-timeout are for giving back; Fargate kills after stopTimeout.
  shutdown_timeout = 25
  stop_timeout     = 40

  environment = {
    GP_HOST                 = "127.0.0.1"
    PORT                    = "8080"
    GP_EGRESS               = var.name
    GP_FLEET_SIZE           = tostring(var.tasks.max)
    DISCORD_APPLICATION_ID  = var.application_id
    INTERACTION_CONCURRENCY = tostring(var.concurrency)
    # Below the task's memory: gp worker health complains, and the alarm on memory fires, before the task is killed.
    MEMORY_THRESHOLD_MB = tostring(floor(var.memory * 0.8))
    LOG_FORMAT          = "json"
  }

  hardened = {
    image                  = var.image
    essential              = true
    user                   = "10001:10001"
    readonlyRootFilesystem = true
    privileged             = false
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
    environment            = [for name, value in merge(local.environment, var.settings) : { name = name, value = value }]
  }

  worker = {
    name        = "worker"
    command     = ["worker", "run", var.bot, "--shutdown-timeout", tostring(local.shutdown_timeout)]
    secrets     = [for name, arn in var.secret_arns : { name = name, valueFrom = arn }]
    stopTimeout = local.stop_timeout
    # Alive, not ready: ECS replaces what is unhealthy, and a new worker brings neither RabbitMQ nor Valkey back.
    healthCheck = {
      command     = ["CMD", "gp", "worker", "health", "--live"]
      interval    = 15
      timeout     = 6
      retries     = 3
      startPeriod = 30
    }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.worker.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "worker"
      }
    }
  }

  # Declares exchanges and queues and ends; the deploy workflow runs it before each roll-out.
  topology = {
    name    = "topology"
    command = ["topology", "apply", "--app", var.bot]
    secrets = [{ name = "RABBITMQ_URL", valueFrom = var.secret_arns["RABBITMQ_URL"] }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.worker.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "topology"
      }
    }
  }
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  # RunningTaskCount, which the alarms and the scaling read, exists with Container Insights only.
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/gp/${var.environment}/worker"
  retention_in_days = var.log_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "${var.name}-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([merge(local.hardened, local.worker)])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }
}

resource "aws_ecs_task_definition" "topology" {
  family                   = "${var.name}-topology"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([merge(local.hardened, local.topology)])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }
}

resource "aws_ecs_service" "worker" {
  name             = "worker"
  cluster          = aws_ecs_cluster.this.id
  task_definition  = aws_ecs_task_definition.worker.arn
  desired_count    = var.tasks.min
  launch_type      = "FARGATE"
  platform_version = "LATEST"

  # New workers run before old ones end: a roll-out never leaves interactions waiting.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  enable_execute_command             = false
  propagate_tags                     = "SERVICE"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.security_group_id]
    assign_public_ip = false
  }

  lifecycle {
    # The deploy workflow rolls out images, the scaling decides how many.
    ignore_changes = [task_definition, desired_count]
  }
}
