#!/bin/sh
# Makes the virtual environment $1 with a Python of at least 3.11; keeps one that is good already.
set -eu

venv=${1:?usage: scripts/venv.sh DIRECTORY}
here=$(dirname "$0")
new_enough='import sys; raise SystemExit(sys.version_info < (3, 11))'

if "$venv/bin/python" -c "$new_enough" 2>/dev/null && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

# PYTHON wins when it is set; otherwise the first that really runs (a version manager's shim may exist and still fail).
python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c "$new_enough" 2>/dev/null; then
        python=$candidate
        break
    fi
done

if [ -z "$python" ]; then
    echo "No Python 3.11 or newer was found (looked for: ${PYTHON:-python3, python3.14 … python3.11})." >&2
    echo "  Debian 12, Ubuntu 24.04 or newer:  apt-get install python3 python3-venv" >&2
    echo "  macOS:                             brew install python" >&2
    echo "  elsewhere: install it, or name it: make setup PYTHON=/path/to/python3" >&2
    exit 1
fi

# Debian keeps the parts that a virtual environment needs in a package of their own.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$python cannot make virtual environments: the package python$version-venv is missing." >&2
    sh "$here/apt-install.sh" "python$version-venv"
fi

"$python" -m venv --clear "$venv"
echo "made $venv with $("$python" --version)"
