"""Consistency: whether the dated duties of a procedure can be met together, on every start date.

Begin with :mod:`cpplan_sim.consistency.examining`.
"""
