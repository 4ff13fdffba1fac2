# Makes .venv with the libraries of a lock file; sourced by bin/demo and bin/test, which say which lock, and how many
# megabytes all will take: prepare NAME LOCK MEGABYTES.
# Everything it says goes to stderr. Run again it only looks whether anything changed.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$root/.doorline
child=
# In a session of its own a command can be ended together with all that it started.
apart=$(command -v setsid || :)

say() { printf '%s\n' "$*" >&2; }

# stop SENTENCE…: the reason, and what to do, a line each.
stop() {
    for sentence in "$@"; do say "doorline: $sentence"; done
    exit 1
}

# waiting WHAT LOG COMMAND…: runs the command, its words in LOG, with a line that shows the seconds.
waiting() {
    what=$1 log=$2
    shift 2
    began=$(date +%s) told=0
    $apart "$@" >"$log" 2>&1 9>&- &
    child=$!
    while kill -0 "$child" 2>/dev/null; do
        seconds=$(($(date +%s) - began))
        if [ -t 2 ]; then
            printf '\r  %s … %s s ' "$what" "$seconds" >&2
        elif [ $((seconds - told)) -ge 10 ]; then
            told=$seconds
            say "  $what … $seconds s"
        fi
        sleep 0.2
    done
    status=0
    wait "$child" || status=$?
    child=
    seconds=$(($(date +%s) - began))
    if [ -t 2 ]; then printf '\r' >&2; fi
    if [ "$status" -eq 0 ]; then say "  $what: $seconds s   "; else say "  $what: failed after $seconds s"; fi
    return "$status"
}

interrupted() {
    if [ -n "$child" ]; then kill -- "-$child" 2>/dev/null || kill "$child" 2>/dev/null || :; fi
    say ''
    say 'doorline: stopped; run it again to go on where it was.'
    exit 130
}

is_root() { [ "$(id -u)" -eq 0 ]; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null && is_new_enough "$python"; then return; fi
    done
    found=$(python3 --version 2>&1) || found='no python3'
    stop "Python 3.11 or later is needed, and here is $found." \
        'Debian 12: apt-get install python3 python3-venv. Elsewhere: set PYTHON to the path of a newer one.'
}

# apt PACKAGE…: installs system packages; only for root, on systems that have apt.
apt() {
    if ! is_root || ! command -v apt-get >/dev/null; then return 1; fi
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    waiting 'Asking for the list of system packages' "$work/apt.log" apt-get update || :
    waiting "Installing $*" "$work/apt.log" apt-get install -y --no-install-recommends "$@"
}

have_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

need_venv() {
    if have_venv; then return; fi
    if is_root && command -v apt-get >/dev/null; then apt python3-venv || explain "$work/apt.log"; fi
    have_venv || stop "Python's venv is missing; as root: apt-get install python3-venv"
}

# explain LOG: why a download or an installation failed, and what to do.
explain() {
    if grep -qiE 'no space left|disk quota' "$1"; then
        stop "The disk of $root is full: free 1 GB and run it again."
    elif grep -qiE 'do not match the hashes' "$1"; then
        stop "A downloaded package is not the one that $lock names (see $1): do not use it; check your package index."
    elif grep -qiE 'name resolution|resolve|network is unreachable|connection|timed out|retrying|proxy|certificate' "$1"; then
        stop 'The package index can not be reached: check the network (or set PIP_INDEX_URL or HTTPS_PROXY) and run it again.' \
            "What pip said is in $1"
    elif grep -qiE 'permission denied|read-only' "$1"; then
        stop "This user may not write in $root: give him the folder, or clone it elsewhere."
    fi
    tail -n 5 "$1" >&2
    stop "That failed for a reason not foreseen; all that was said is in $1"
}

refuse_full_disk() {
    free=$(df -Pk "$root" | awk 'NR == 2 { print $4 }')
    if [ "$free" -lt $(($1 * 1024)) ]; then
        stop "The disk of $root has only $((free / 1024)) MB left; $1 MB are needed: free some and run it again."
    fi
}

# What the environment is made of; the same words mean that nothing needs doing.
recipe() { (cd "$root" && pwd -P && "$python" --version && cksum "$1" pyproject.toml); }

is_ready() { [ -f "$root/.venv/.made-$1" ] && [ "$(recipe "$2")" = "$(cat "$root/.venv/.made-$1")" ]; }

# An environment that was copied or moved along with its folder still names the old place, so it is made anew.
is_at_home() { [ ! -f "$root/.venv/.place" ] || [ "$(cat "$root/.venv/.place")" = "$root" ]; }

make_venv() {
    if "$root/.venv/bin/python" -c 'import pip' 2>/dev/null && is_at_home; then return; fi
    need_venv
    waiting 'Making .venv' "$work/venv.log" "$python" -m venv --clear "$root/.venv" || explain "$work/venv.log"
    printf '%s\n' "$root" >"$root/.venv/.place"
}

install_all() {
    set -- "$1" "$root/.venv/bin/python" -m pip --disable-pip-version-check --no-input
    lock=$1
    shift
    # Not compiled ahead: that takes as long as the rest, for modules of which most are never imported.
    waiting 'Installing the libraries' "$work/pip.log" "$@" install --progress-bar off --no-compile --require-hashes \
        -r "$root/$lock" || explain "$work/pip.log"
    waiting 'Installing Doorline' "$work/install.log" "$@" install --no-deps --no-index --no-build-isolation -e "$root" ||
        explain "$work/install.log"
}

prepare() {
    unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX
    find_python
    # What bin/test installs contains all that bin/demo needs.
    if is_ready "$1" "$2" || is_ready test requirements-dev.lock; then return; fi
    mkdir -p "$work" 2>/dev/null && [ -w "$root" ] ||
        stop "This user may not write in $root: give him the folder, or clone it elsewhere."
    exec 9>"$work/lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        waiting 'Waiting for another set-up of this folder' "$work/lock.log" flock "$work/lock" true
        flock 9
    fi
    trap interrupted INT TERM HUP
    if ! is_ready "$1" "$2"; then
        say 'Setting up (the first time only):'
        refuse_full_disk "$3"
        make_venv
        install_all "$2"
        recipe "$2" >"$root/.venv/.made-$1"
    fi
    trap - INT TERM HUP
    exec 9>&-
}
