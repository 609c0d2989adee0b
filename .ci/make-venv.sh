#!/bin/sh
# Makes .venv with plain pip from hash-locked files. Usage: make-venv.sh VENV LOCK...
set -eu
venv=$1
shift
here=$(dirname "$0")
python=$(sh "$here/find-python.sh")
# Debian's python3 may come without venv and pip.
"$python" -c 'import venv, ensurepip' 2>/dev/null || sh "$here/system-packages.sh" python3-venv
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "$python has no venv module. Run: sudo apt-get install python3-venv" >&2
    exit 1
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
for lock in "$@"; do set -- "$@" -r "$lock"; shift; done
"$venv/bin/python" -m pip install --disable-pip-version-check --no-input --quiet \
    --require-hashes --only-binary :all: "$@"
