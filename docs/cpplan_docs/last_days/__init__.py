"""Last days: lawful histories in which each duty is met as late as it may be, found by program.

What is found is the kernel's word: every event is recorded by it, and when each obligation was due
and met is read from the plan. Nothing here knows of pages.
"""
