"""Differing: what differs between two procedures, and the shortest histories that show it.

Begin with :mod:`cpplan_sim.differing.effects`.
"""
