"""The design of a study: sites, arms, planned visits, criteria."""
