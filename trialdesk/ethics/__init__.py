"""Ethics: reviews, submissions and decisions, the approval in force, consent versions."""
