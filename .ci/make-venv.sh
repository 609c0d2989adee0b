#!/bin/sh
# Makes a virtual environment with plain pip from hash-locked files. Usage: make-venv.sh VENV LOCK...
set -eu
venv=$1
shift
here=$(dirname "$0")
python=$(sh "$here/find-python.sh")

has_venv() {
    "$python" -c 'import venv, ensurepip' 2>/dev/null
}

version() {
    "$1" -c 'import sys; print("python%d.%d" % sys.version_info[:2])' 2>/dev/null
}

is_sound() {
    [ "$(version "$venv/bin/python")" = "$(version "$python")" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

if ! is_sound; then
    # Debian's Python comes without venv and pip; each version has a package of its own.
    package=$(version "$python")-venv
    has_venv || [ "$(id -u)" != 0 ] || sh "$here/system-packages.sh" "$package"
    if ! has_venv; then
        echo "$python cannot make virtual environments. On Debian and Ubuntu, run: sudo apt-get install $package" >&2
        exit 1
    fi
    "$python" -m venv --clear "$venv"
fi
for lock in "$@"; do set -- "$@" -r "$lock"; shift; done
"$venv/bin/python" -m pip install --disable-pip-version-check --no-input --quiet \
    --require-hashes --only-binary :all: "$@"
