"""The reference: commands, events, refusals, the pack format, the API, the terms."""
