# shellcheck shell=bash
# Read by `run` and `test`: brings a bare machine to the point where the program can start, and costs next to nothing
# on one that is there already. What it needs of the system comes by apt, everything else by hash into .venv.

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
venv=$root/.venv

# What Qt loads, by file name as the dynamic loader knows it, and the Debian package that brings it. All of the first
# list are needed even where nothing is drawn on a screen. (Where Debian renamed libglib2.0-0 it still answers to it.)
offscreen_libraries='libGL.so.1=libgl1 libEGL.so.1=libegl1 libglib-2.0.so.0=libglib2.0-0 libdbus-1.so.3=libdbus-1-3
    libfontconfig.so.1=libfontconfig1 libxkbcommon.so.0=libxkbcommon0'
window_libraries='libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4
    libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-shape.so.0=libxcb-shape0 libxkbcommon-x11.so.0=libxkbcommon-x11-0
    libwayland-client.so.0=libwayland-client0 libwayland-cursor.so.0=libwayland-cursor0'
test_commands='Xvfb=xvfb pdftotext=poppler-utils qpdf=qpdf git=git java=default-jre-headless'

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 2
}

has_display() {
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]
}

# A home that can be written to and a character set that holds every name: a container may have neither.
settle() {
    if [ ! -d "${HOME:-}" ] || [ ! -w "${HOME:-}" ]; then
        say "HOME (${HOME:-not set}) is no folder that can be written to; $root/.home is used instead."
        export HOME=$root/.home
        mkdir -p "$HOME"
    fi
    if [ "$(locale charmap 2>/dev/null)" != UTF-8 ]; then
        unset LC_ALL
        export LC_CTYPE=C.UTF-8
    fi
}

# Print the first Python of a version that the program runs on and that can make an environment.
find_python() {
    local candidate
    for candidate in python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# Whether there is one, asked of the environment already made where there is one: that answers ten times sooner.
has_python() { "$venv/bin/python" -IS -c '' 2>/dev/null || find_python >/dev/null; }

# Print the packages, of pairs library=package, whose library the dynamic loader does not know.
missing_libraries() {
    [ "$(uname)" = Linux ] || return 0
    local known pair
    known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
    for pair in "$@"; do
        case $known in *"${pair%%=*} "*) ;; *) printf '%s ' "${pair#*=}" ;; esac
    done
}

# Print the packages, of pairs command=package, whose command is not there.
missing_commands() {
    local pair
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || printf '%s ' "${pair#*=}"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Install the packages named, or name them in one line and stop where this account may not.
install_packages() {
    local line="apt-get install --no-install-recommends $*"
    command -v apt-get >/dev/null || stop "This needs what Debian calls: $*"
    if ! as_root true 2>/dev/null; then
        stop "Neither root nor sudo without a password. Please run once: sudo $line"
    fi
    say "Installing from the system's packages: $*"
    local log status=0
    log=$(mktemp)
    {
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "$@"
    } </dev/null >"$log" 2>&1 || status=$?
    [ "$status" = 0 ] || tail -n 20 "$log" >&2
    rm -f "$log"
    [ "$status" = 0 ] || stop "The system's packages could not be installed: $line"
}

# $1 is `run` or `test`.
system_packages() {
    local missing='' libraries=$offscreen_libraries
    has_python || missing='python3 python3-venv '
    if [ "$1" = test ] || has_display; then libraries="$libraries $window_libraries"; fi
    # shellcheck disable=SC2086 # the lists are words
    missing+=$(missing_libraries $libraries)
    # shellcheck disable=SC2086
    [ "$1" = run ] || missing+=" $(missing_commands $test_commands)"
    # shellcheck disable=SC2086
    [ -z "${missing// /}" ] || install_packages $missing
    has_python || stop "No Python from 3.11 to 3.14 with venv was found."
}

# Print what .venv must have been made for: this place, this Python, the lock $1.
stamp() {
    { printf '%s\n' "$root"; "$venv/bin/python" -IS -c 'import sys; print(sys.version)'; cat "$1"; } 2>/dev/null |
        sha256sum | cut -d' ' -f1
}

is_ready() { [ -e "$venv/ready/locks/$(stamp "$1")" ]; }

# Make the program importable from where it lies, and its command.
use_in_place() {
    printf '%s\n' "$root" >"$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/trialdesk.pth"
    # shellcheck disable=SC2016 # the words are for the command
    printf '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/python" -P -m trialdesk "$@"\n' >"$venv/bin/trialdesk"
    chmod +x "$venv/bin/trialdesk"
}

# Make .venv hold exactly what the locks name; $1 is the lock wanted, the others are contained in it.
environment() {
    local lock=$1 contained
    if [ -e "$venv" ] && [ ! -e "$venv/ready/root" ]; then
        stop "$venv is there already and was not made by this. Please move it away and start again."
    fi
    say "Setting up $venv"
    if [ "$(cat "$venv/ready/root" 2>/dev/null)" != "$root" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        local python
        python=$(find_python) || stop "$venv is unusable, and there is no Python from 3.11 to 3.14 to make it anew."
        rm -rf "$venv"
        mkdir -p "$venv/ready"
        printf '%s\n' "$root" >"$venv/ready/root"
        "$python" -m venv "$venv" || stop "No environment could be made in $venv"
    fi
    rm -rf "$venv/ready/locks"
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check --quiet install --require-hashes --only-binary :all:)
    if "${pip[@]}" -r "$root/packaging/tools.txt" &&
        "$venv/bin/uv" pip sync --quiet --require-hashes --no-build --python "$venv/bin/python" "$lock"; then :; else
        say "uv is not to be had here; pip does the same, more slowly."
        "${pip[@]}" -r "$lock" || stop "The Python packages could not be installed."
    fi
    use_in_place
    mkdir "$venv/ready/locks"
    for contained in "$@"; do : >"$venv/ready/locks/$(stamp "$contained")"; done
}

# Make everything ready: `ready run` or `ready test`.
ready() {
    settle
    system_packages "$1"
    local locks=("$root/packaging/requirements.txt")
    [ "$1" = run ] || locks=("$root/packaging/requirements-dev.txt" "${locks[@]}")
    is_ready "${locks[0]}" && return
    mkdir -p "$root/.cache" 2>/dev/null || stop "$root cannot be written to by $(id -un)."
    (
        # Two first starts at once: the second waits and finds everything done.
        ! command -v flock >/dev/null || flock 9
        is_ready "${locks[0]}" || environment "${locks[@]}"
    ) 9>"$root/.cache/ready" || exit $?
}
