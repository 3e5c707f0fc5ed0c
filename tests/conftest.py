pytest_plugins = ["tests.servers.rabbitmq", "tests.servers.redis"]
