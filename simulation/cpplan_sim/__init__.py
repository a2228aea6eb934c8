"""cpplan_sim: told and synthetic cases, the monitors that judge them, and proofs.

The simulation uses the kernel; the kernel knows nothing of it.
"""
