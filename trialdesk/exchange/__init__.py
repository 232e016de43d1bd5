"""Import and export: one module a format. What is read becomes plain rows and problems before any record is made."""
