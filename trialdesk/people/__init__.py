"""Who there is and what each may do: persons, accounts, delegations, the keys that go with a password."""
