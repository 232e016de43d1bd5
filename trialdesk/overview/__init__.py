"""What stands where across all stages: reads every one of them, writes none."""
