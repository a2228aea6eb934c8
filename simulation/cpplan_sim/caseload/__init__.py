"""Caseloads: synthetic cases by the million, run in blocks on one machine or many.

Begin with :mod:`cpplan_sim.caseload.running`, which runs a job block by block, or with
:mod:`cpplan_sim.caseload.summaries`, which holds what a block comes to.
"""
