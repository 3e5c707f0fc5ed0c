"""The fault matrix: one test a row, and the ledger that shows nothing is lost."""
