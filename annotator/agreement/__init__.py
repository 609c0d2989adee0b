"""Agreement between annotators: pure functions of columns (`shapes`), numpy allowed; one coefficient a module.

Nothing here knows a file, a database or a window. A figure that does not exist is a `shapes.Value` without value and
with the reason.
"""
