"""What is shipped in infra and .github, read as data and held to its rules."""
