"""Small bots that work as they stand."""
