"""The wire formats: strict models, schemas and the classifier of failures."""
