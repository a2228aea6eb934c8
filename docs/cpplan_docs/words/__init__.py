"""Words: how days, clauses, needs and duties are said and linked, alike on every page."""
