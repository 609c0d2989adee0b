"""spaCy at arm's length: pipelines run in spawned processes; only `reading` (run there) imports spaCy."""
