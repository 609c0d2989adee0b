#!/bin/sh
# Installs, on Debian as root, the system packages that are missing; elsewhere prints the command that does.
# Usage: system-packages.sh PACKAGE...   (always succeeds: what follows says itself what it lacks)
set -u
command -v dpkg-query >/dev/null 2>&1 || exit 0
missing=""
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    echo "Installing system packages:$missing"
    apt-get update -qq >/dev/null 2>&1
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        echo "Some could not be installed. Try: apt-get install$missing"
else
    echo "Qt may need system packages. If the window does not open, run: sudo apt-get install$missing"
fi
exit 0
