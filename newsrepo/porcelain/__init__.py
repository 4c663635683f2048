"""The verbs as a Python API: each composes the floors below and returns a frozen result."""
