environment = "staging"
region      = "eu-central-1"

zones        = ["eu-central-1a", "eu-central-1b"]
nat_per_zone = false

application_id = "1214497633075331073"
image_tag      = "staging-first"

broker = { instance_type = "mq.m7g.medium", cluster = false }
state  = { node_type = "cache.t4g.small", nodes = 2 }
task   = { cpu = 512, memory = 1024, concurrency = 20 }

log_retention_days = 365
