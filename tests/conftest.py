"""For every test: the caseload engine runs as plain Python, so that nobody waits for a compiler.

Set before any module of the engine is imported; ``CPPLAN_COMPILE=1`` in the environment overrules
it. Both ways give the same figures: ``simulation/caseload/test_caserun.py`` holds them bit for bit.
"""

import os

os.environ.setdefault("CPPLAN_COMPILE", "0")
