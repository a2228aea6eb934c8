"""Benchmarks: what the kernel costs, side by side with what it is built on and with its peers.

Holds the measuring and what is measured. Nothing here asserts: see README.md for what was found.
"""
