"""Sharing out what was received: beneficiaries, policies of two people, distributions, shares and payouts."""
