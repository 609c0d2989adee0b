#!/bin/sh
# Installs the system packages that are missing (Debian and its kin, as root) or prints the command that does.
# Usage: system-packages.sh PACKAGE...   (always succeeds: what follows says itself what it lacks)
set -u

is_installed() {
    dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'
}

has_library() {
    { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q "$1"
}

# Other systems name their packages otherwise; they matter only where Qt's libraries are missing.
say_it_for_other_linuxes() {
    [ "$(uname)" = Linux ] || return 0
    has_library libEGL.so.1 && has_library libxcb-cursor.so.0 && return 0
    both="fontconfig glib2 libxkbcommon libxkbcommon-x11 xcb-util-cursor xcb-util-image xcb-util-keysyms"
    both="$both xcb-util-renderutil xcb-util-wm"
    if command -v dnf >/dev/null 2>&1; then
        echo "Qt needs system packages. Run: sudo dnf install $both dbus-libs libX11-xcb libglvnd-egl libglvnd-glx" >&2
    elif command -v pacman >/dev/null 2>&1; then
        echo "Qt needs system packages. Run: sudo pacman -S --needed $both dbus libglvnd" >&2
    fi
}

command -v dpkg-query >/dev/null 2>&1 || { say_it_for_other_linuxes; exit 0; }
# Names as in Debian 12; newer releases call some of them …t64.
missing=""
for package in "$@"; do
    is_installed "$package" || is_installed "${package}t64" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    echo "Installing system packages:$missing"
    apt-get update -qq >/dev/null
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        echo "They could not all be installed. See what is wrong with: apt-get install$missing" >&2
else
    echo "System packages are missing. If something fails for want of them, run: sudo apt-get install$missing" >&2
fi
exit 0
