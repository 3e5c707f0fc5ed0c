"""What workers do, seen from a terminal."""
