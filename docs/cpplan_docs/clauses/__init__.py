"""Clauses: what each source says, how far that binds, and what becomes of it."""
