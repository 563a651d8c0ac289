#!/usr/bin/env bash
# Installs the system packages that tests need, through apt, when they are missing and we may.
# A browser, a second SIP implementation, the voice that rebuilds the shipped prompts, and the judge of systemd units.
# Where it may not, it says what to install and goes on: the tests that need them fail by name.
set -euo pipefail

missing=()
need() { # need PROGRAM PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}

need chromium chromium
need sipp sip-tester
need espeak-ng espeak-ng
need systemd-analyze systemd
((${#missing[@]})) || exit 0

become=()
if [[ "$(id -u)" != 0 ]]; then
    if ! sudo -n true 2>/dev/null; then
        echo "Some tests need packages that are missing here: apt-get install ${missing[*]}" >&2
        exit 0
    fi
    become=(sudo -n)
fi
if ! command -v apt-get >/dev/null; then
    echo "Some tests need packages that are missing here: ${missing[*]}" >&2
    exit 0
fi

echo "Installing system packages for the tests: ${missing[*]}"
install() {
    DEBIAN_FRONTEND=noninteractive "${become[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
"${become[@]}" apt-get update -qq >/dev/null 2>&1 || true
install || echo "apt could not install them; the tests that need them will say so." >&2
