"""Told cases: a page for each, made by running it, and the list of all."""
