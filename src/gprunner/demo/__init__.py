"""``gp demo``: a worker on embedded parts, with people who use the bot."""
