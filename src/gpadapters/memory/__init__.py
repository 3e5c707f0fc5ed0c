"""In-memory twin of every port."""
