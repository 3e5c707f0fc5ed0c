"""The examples that need servers, as processes."""
