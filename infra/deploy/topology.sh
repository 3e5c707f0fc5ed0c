#!/bin/sh
# Declares what the new image needs on the broker, before any worker of it runs: what is missing only, so that the
# workers of the old image go on meanwhile.
set -eu

definition=$(sh "$(dirname "$0")/register.sh" "$TOPOLOGY" "$IMAGE")
task=$(aws ecs run-task --cluster "$CLUSTER" --task-definition "$definition" --launch-type FARGATE \
    --network-configuration "awsvpcConfiguration={subnets=[$SUBNETS],securityGroups=[$SECURITY_GROUP],assignPublicIp=DISABLED}" \
    --query 'tasks[0].taskArn' --output text)
aws ecs wait tasks-stopped --cluster "$CLUSTER" --tasks "$task"
code=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)
if [ "$code" != 0 ]; then
    echo "gp topology apply ended with $code; the log stream topology/ says why. Nothing was rolled out." >&2
    exit 1
fi
