"""cpplan_docs: the documentation that is generated from the rules.

Reads procedures, clauses, told cases and what the simulation finds, and writes Markdown pages and
pictures beside the written ones. Knows nothing of the builder that makes a site of them.
"""
