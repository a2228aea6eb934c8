"""Proving: whether any history of any length breaks a requirement, and the shortest that does.

Begin with :mod:`cpplan_sim.proving.prover`.
"""
