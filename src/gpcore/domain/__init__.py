"""What gp knows about Discord, deliveries and limits: values and pure decisions."""
