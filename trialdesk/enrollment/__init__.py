"""Participants and what happened to them: screening, treatment, visits, exposure, disposition."""
