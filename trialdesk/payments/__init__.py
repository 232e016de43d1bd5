"""What a sponsor's contract owes for what was done: facts and terms in, an assessment and its documents out."""
