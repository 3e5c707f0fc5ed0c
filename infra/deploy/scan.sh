#!/bin/sh
# Waits for the registry's scan of IMAGE (ADDRESS@DIGEST, in REPOSITORY); fails if it found anything critical.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

docker buildx imagetools inspect --raw "$IMAGE" >"$work/manifest"
digest=$(python3 "$(dirname "$0")/scanned_digest.py" "${IMAGE#*@}" <"$work/manifest")

scan() {
    aws ecr wait image-scan-complete --repository-name "$REPOSITORY" --image-id "imageDigest=$digest"
}
# A scan begins a moment after the push; until then the registry knows of none, and the wait gives up at once.
scan || { sleep "${PAUSE:-15}" && scan; } || { sleep "${PAUSE:-15}" && scan; }
critical=$(aws ecr describe-image-scan-findings --repository-name "$REPOSITORY" --image-id "imageDigest=$digest" \
    --query 'imageScanFindings.findingSeverityCounts.CRITICAL' --output text)
if [ "$critical" != None ] && [ "$critical" != 0 ]; then
    echo "$critical critical findings in $REPOSITORY@$digest: aws ecr describe-image-scan-findings shows them" >&2
    exit 1
fi
