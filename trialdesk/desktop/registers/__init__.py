"""Pages made of declarations: a register is one kind of record as a list, its detail, and all that is done with it."""
