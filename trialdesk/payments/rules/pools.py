"""What a policy of sharing may take from, and what may keep a beneficiary from a share: the words for both."""

TAX, NET, REMAINING, RECEIVED = "tax", "net", "remaining", "received"
"""The tax; what was received without category; what is left of everything but the tax; all of that as it came in."""

COI, TRAINING, LEFT = "coi_valid", "training_valid", "person_left"
GUARDS = (COI, TRAINING, LEFT)
"""A declaration of interests that is in order; training that is; who has left."""
