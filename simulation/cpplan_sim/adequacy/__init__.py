"""Adequacy: whether the requirements would notice if any one thing were taken out of the rules.

Begin with :mod:`cpplan_sim.adequacy.scoring`.
"""
