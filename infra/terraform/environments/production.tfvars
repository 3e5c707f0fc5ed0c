environment = "production"
region      = "eu-central-1"

zones        = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
nat_per_zone = false

application_id = "1214497633075331073"
image_tag      = "production-first"

broker = { instance_type = "mq.m7g.large", cluster = true }
state  = { node_type = "cache.m7g.large", nodes = 3 }
task   = { cpu = 1024, memory = 2048, concurrency = 40 }

log_retention_days = 400
