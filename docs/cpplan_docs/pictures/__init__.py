"""Pictures: scalable drawings of a lifecycle and of a told case, as text that stands in a page.

Each is a value worked out from what it shows: the same input gives the same bytes. How they look is
said once, in ``docs/assets/pictures.css``. Nothing here knows of pages.
"""
