"""Comparing: the figures of all procedures side by side, and on what histories two of them part."""
