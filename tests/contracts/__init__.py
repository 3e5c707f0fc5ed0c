"""What every implementation of a port must do: one uncollected class for each port."""
