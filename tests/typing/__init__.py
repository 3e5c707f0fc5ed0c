"""What type checkers make of the public names; `make lint` checks these files, nothing runs them.

`declared.py` must pass as it is. In `refused.py` every line with an ignore must be an error of that kind:
an ignore that is no longer needed is an error itself.
"""
