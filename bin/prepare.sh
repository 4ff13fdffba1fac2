# Makes .venv with the libraries of a lock file; sourced by bin/demo and bin/test, which say which lock, and how many
# megabytes all will take: prepare NAME LOCK MEGABYTES.
# Everything it says goes to stderr. Run again it only looks whether anything changed.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$root/.doorline
child=
# In a session of its own a command can be ended together with all that it started.
apart=$(command -v setsid || :)

say() { printf '%s\n' "$*" >&2; }

# The language of what is said: as --lang asks, else as the locale does. A script that sources this hands its words on.
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
[zZ][hH]*) language=zh-CN ;;
*) language=en ;;
esac
case " $* " in
*' --lang zh-CN '* | *' --lang=zh-CN '*) language=zh-CN ;;
*' --lang en '* | *' --lang=en '*) language=en ;;
esac

# words CODE FACT…: the sentence of bin/words.yaml in that language.
words() {
    format=$(sed -n "s/^$1: {.*$language: \"\([^\"]*\)\".*/\1/p" "$root/bin/words.yaml")
    shift
    # shellcheck disable=SC2059
    printf "$format" "$@"
}

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
            printf '\r  %s ' "$(words seconds "$what" "$seconds")" >&2
        elif [ $((seconds - told)) -ge 10 ]; then
            told=$seconds
            say "  $(words seconds "$what" "$seconds")"
        fi
        sleep 0.2
    done
    status=0
    wait "$child" || status=$?
    child=
    seconds=$(($(date +%s) - began))
    if [ -t 2 ]; then printf '\r' >&2; fi
    if [ "$status" -eq 0 ]; then outcome=took; else outcome=failed; fi
    say "  $(words "$outcome" "$what" "$seconds")   "
    return "$status"
}

interrupted() {
    if [ -n "$child" ]; then kill -- "-$child" 2>/dev/null || kill "$child" 2>/dev/null || :; fi
    say ''
    say "$(words stopped)"
    exit 130
}

is_root() { [ "$(id -u)" -eq 0 ]; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null && is_new_enough "$python"; then return; fi
    done
    found=$(python3 --version 2>&1) || found=$(words no_python)
    stop "$(words old_python "$found")" "$(words get_python)"
}

# apt PACKAGE…: installs system packages; only for root, on systems that have apt.
apt() {
    if ! is_root || ! command -v apt-get >/dev/null; then return 1; fi
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    waiting "$(words apt_list)" "$work/apt.log" apt-get update || :
    waiting "$(words apt_install "$*")" "$work/apt.log" apt-get install -y --no-install-recommends "$@"
}

have_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

need_venv() {
    if have_venv; then return; fi
    if is_root && command -v apt-get >/dev/null; then apt python3-venv || explain "$work/apt.log"; fi
    have_venv || stop "$(words no_venv)"
}

# explain LOG: why a download or an installation failed, and what to do.
explain() {
    if grep -qiE 'no space left|disk quota' "$1"; then
        stop "$(words disk_full "$root")"
    elif grep -qiE 'do not match the hashes' "$1"; then
        stop "$(words wrong_hash "$lock" "$1")"
    elif grep -qiE 'name resolution|resolve|network is unreachable|connection|timed out|retrying|proxy|certificate' "$1"; then
        stop "$(words no_network)" "$(words pip_said "$1")"
    elif grep -qiE 'permission denied|read-only' "$1"; then
        stop "$(words no_permission "$root")"
    fi
    tail -n 5 "$1" >&2
    stop "$(words unforeseen "$1")"
}

refuse_full_disk() {
    free=$(df -Pk "$root" | awk 'NR == 2 { print $4 }')
    if [ "$free" -lt $(($1 * 1024)) ]; then
        stop "$(words little_disk "$root" $((free / 1024)) "$1")"
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
    waiting "$(words make_venv)" "$work/venv.log" "$python" -m venv --clear "$root/.venv" || explain "$work/venv.log"
    printf '%s\n' "$root" >"$root/.venv/.place"
}

install_all() {
    set -- "$1" "$root/.venv/bin/python" -m pip --disable-pip-version-check --no-input
    lock=$1
    shift
    # Not compiled ahead: that takes as long as the rest, for modules of which most are never imported.
    waiting "$(words libraries)" "$work/pip.log" "$@" install --progress-bar off --no-compile --require-hashes \
        -r "$root/$lock" || explain "$work/pip.log"
    waiting "$(words doorline)" "$work/install.log" "$@" install --no-deps --no-index --no-build-isolation -e "$root" ||
        explain "$work/install.log"
}

prepare() {
    unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX
    # Images of Python often set this; then every process we start would compile all its libraries again.
    unset PYTHONDONTWRITEBYTECODE
    find_python
    # What bin/test installs contains all that bin/demo needs.
    if is_ready "$1" "$2" || is_ready test requirements-dev.lock; then return; fi
    mkdir -p "$work" 2>/dev/null && [ -w "$root" ] ||
        stop "$(words no_permission "$root")"
    exec 9>"$work/lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        waiting "$(words other_set_up)" "$work/lock.log" flock "$work/lock" true
        flock 9
    fi
    trap interrupted INT TERM HUP
    if ! is_ready "$1" "$2"; then
        say "$(words set_up)"
        refuse_full_disk "$3"
        make_venv
        install_all "$2"
        recipe "$2" >"$root/.venv/.made-$1"
    fi
    trap - INT TERM HUP
    exec 9>&-
}
