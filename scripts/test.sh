#!/bin/sh
# All tests but the long faults, with coverage, in two halves side by side: the properties keep one core busy, the others
# mostly wait for the servers and processes that they start. What the properties say is shown when both are over.
set -eu

python=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

COVERAGE_FILE=$work/properties/data nice "$python" -m pytest -m 'property and not fault' -o cache_dir="$work/cache" \
    --cov --cov-report= >"$work/properties.log" 2>&1 &
properties=$!
trap 'kill $properties 2>/dev/null || true; rm -rf "$work"' EXIT

failed=0
COVERAGE_FILE=$work/others/data "$python" -m pytest -m 'not property and not fault' --cov --cov-report= || failed=1
wait $properties || failed=1
trap 'rm -rf "$work"' EXIT
cat "$work/properties.log"
[ $failed = 0 ] || exit 1

"$python" -m coverage combine --quiet "$work/properties/data" "$work/others/data"
"$python" -m coverage report --include='src/gpcore/*' --fail-under=100
"$python" -m coverage report --omit='src/gpcore/*' --fail-under=90
