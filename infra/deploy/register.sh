#!/bin/sh
# Registers the newest task definition of family $1 with the image $2 and prints what was registered.
set -eu

here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

aws ecs describe-task-definition --task-definition "$1" --query taskDefinition --output json >"$work/last"
python3 "$here/new_definition.py" "$2" <"$work/last" >"$work/next"
aws ecs register-task-definition --cli-input-json "file://$work/next" \
    --query taskDefinition.taskDefinitionArn --output text
