#!/bin/sh
# Waits for the registry's scan of the image REPOSITORY:TAG; fails if it found anything critical.
set -eu

aws ecr wait image-scan-complete --repository-name "$REPOSITORY" --image-id "imageTag=$TAG"
critical=$(aws ecr describe-image-scan-findings --repository-name "$REPOSITORY" --image-id "imageTag=$TAG" \
    --query 'imageScanFindings.findingSeverityCounts.CRITICAL' --output text)
if [ "$critical" != None ] && [ "$critical" != 0 ]; then
    echo "$critical critical findings in $REPOSITORY:$TAG: aws ecr describe-image-scan-findings shows them" >&2
    exit 1
fi
