environment = "staging"
region      = "eu-central-1"

zones        = ["eu-central-1a", "eu-central-1b"]
nat_per_zone = false

# application_id is of your bot: give it by -var, or Terraform asks.
image_tag = "staging-first"
# More settings of the worker, without secrets (docs/settings.md): settings = { EVENT_CONCURRENCY = "40" }

broker = { instance_type = "mq.m7g.medium", cluster = false }
state  = { node_type = "cache.t4g.small", nodes = 2 }
task   = { cpu = 512, memory = 1024, concurrency = 20 }

log_retention_days = 365
