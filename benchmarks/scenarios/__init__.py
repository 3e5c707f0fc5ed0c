"""One scenario a file: what is measured, and beside what."""
