"""Exporting: a procedure in the languages of other tools.

One file for each language. What they share is a machine: states, moves, steps, and conditions that
only the host can judge. What a language can't say is told in the head of what is written in it.
"""
