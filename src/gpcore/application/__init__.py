"""What the worker does: routing, answering, claiming and settling."""
