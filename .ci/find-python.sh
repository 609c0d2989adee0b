#!/bin/sh
# Prints the Python to use: $PYTHON, else the first from 3.11 to 3.13 that really runs (a pyenv shim may not).
is_in_range() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

candidates=${PYTHON:-python3.11 python3.12 python3.13 python3 /usr/bin/python3}
for candidate in $candidates; do
    if is_in_range "$candidate"; then
        command -v "$candidate"
        exit 0
    fi
done
echo "Annotator needs Python 3.11, 3.12 or 3.13. None of these is one that runs: $candidates." \
    "Install one, or name it: make PYTHON=/path/to/python …" >&2
exit 1
