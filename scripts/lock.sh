#!/bin/sh
# Writes requirements/*.txt anew: the newest versions that pyproject.toml allows, for every platform, with hashes.
# uv comes from the PATH or from a virtual environment that is thrown away afterwards.
set -eu

cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v uv >/dev/null 2>&1; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/python" -m pip --disable-pip-version-check install --quiet uv
    PATH="$work/venv/bin:$PATH"
fi

# uv's own header and its lists of files would carry paths; package names alone are worth reading.
compile() {
    output=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
        --no-emit-find-links --output-file "$work/$output" "$@"
    {
        echo "# Written by scripts/lock.sh; change pyproject.toml, then run: make lock"
        sed -e 's/ (pyproject\.toml[^)]*)$//' -e '/^ *#  *-c /d' -e '/^ *# via -c /d' "$work/$output"
    } >"$work/$output.clean"
    if grep -nE '://|(^|[ "=])/' "$work/$output.clean"; then
        echo "requirements/$output would name a host or a path: not written" >&2
        exit 1
    fi
    mv "$work/$output.clean" "requirements/$output"
}

# One version of everything: what is tested is what runs. The widest set is chosen first, the others take its versions.
compile dev.txt pyproject.toml --all-extras --group dev
compile run.txt pyproject.toml --constraints requirements/dev.txt
compile build.txt --group build --constraints requirements/dev.txt
compile mutants.txt --group mutants --constraints requirements/dev.txt
# These never meet the others: they run in an environment of their own.
compile checks.txt --group checks
