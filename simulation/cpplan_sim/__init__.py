"""cpplan_sim: told cases, synthetic cases and the monitors that judge them.

The simulation uses the kernel; the kernel knows nothing of it.
"""
