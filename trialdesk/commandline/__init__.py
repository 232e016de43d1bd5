"""The same actions, queries and reports as in the window, by words. No Qt, no SQL."""
