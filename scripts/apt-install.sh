#!/bin/sh
# Installs the Debian or Ubuntu packages "$@" without starting any service; says what to type when it may not.
set -eu

command="apt-get install --no-install-recommends $*"

if ! command -v apt-get >/dev/null 2>&1; then
    echo "This is not Debian or Ubuntu: please install the equivalent of: $*" >&2
    exit 1
fi

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=sudo
else
    echo "Root is needed once. Please run, then start again:" >&2
    echo "  sudo $command" >&2
    exit 1
fi

# A package's scripts ask policy-rc.d before they start a service; 101 is its word for no.
# One that the machine has already (containers do) is left as it is.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi

echo "installing $*" >&2
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq --no-install-recommends "$@" >/dev/null
