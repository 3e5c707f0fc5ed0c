environment = "production"
region      = "eu-central-1"

zones        = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
nat_per_zone = false

# application_id is of your bot: give it by -var, or Terraform asks.
image_tag = "production-first"
# More settings of the worker, without secrets (docs/settings.md): settings = { EVENT_CONCURRENCY = "40" }

broker = { instance_type = "mq.m7g.large", cluster = true }
state  = { node_type = "cache.m7g.large", nodes = 3 }
task   = { cpu = 1024, memory = 2048, concurrency = 40 }

log_retention_days = 400
