"""What is true across stages, on plain values."""
