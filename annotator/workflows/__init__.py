"""Use cases: what a person or a script can do with a project. Free of Qt and of SQL."""
