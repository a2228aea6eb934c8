"""Exploring: long histories of dated events, in which the kernel is held against other answers.

Begin with :mod:`cpplan_sim.exploring.explorer`.
"""
