"""What the core needs from the outside, as abstract classes with their guarantees."""
