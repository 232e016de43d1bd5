"""Documents: files attached to what they evidence, their versions and their bytes."""
