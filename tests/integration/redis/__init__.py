"""The stores on a real Redis or Valkey."""
