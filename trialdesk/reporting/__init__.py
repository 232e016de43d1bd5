"""Documents: reports declared as data, composed as structure, drawn as tagged PDF/A."""
