"""Procedures: the pages of each, from its states to its proofs."""
