#!/bin/sh
# Prints the first Python from 3.11 to 3.13 that really runs (a pyenv shim may exist and not run).
for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3 /usr/bin/python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "Annotator needs Python 3.11, 3.12 or 3.13; none was found. Install one, or run: make PYTHON=/path/to/python …" >&2
exit 1
