#!/bin/sh
# Registers the new task definition, gives it to the service, waits until the service is stable, and looks whether what
# runs is the new one, alive, and consumes. If not, the service gets its former definition back. ECS's own circuit
# breaker does the same for tasks that do not start; this is for the rest. ECS's health is being alive only, or it would
# replace the fleet while RabbitMQ is away; that a task consumes is read from its pulse, a line every fifteen seconds.
set -eu

running() {
    aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \
        --query 'services[0].taskDefinition' --output text
}

former=$(running)
new=$(sh "$(dirname "$0")/register.sh" "$WORKER" "$IMAGE")

healthy() {
    aws ecs wait services-stable --cluster "$CLUSTER" --services "$SERVICE" || return 1
    # A service that was rolled back by its circuit breaker is stable too.
    [ "$(running)" = "$new" ] || return 1
    tasks=$(aws ecs list-tasks --cluster "$CLUSTER" --service-name "$SERVICE" --query taskArns --output text)
    [ -n "$tasks" ] && [ "$tasks" != None ] || return 1
    # Word by word on purpose: the tasks are separated by tabs. The backticks are JMESPath's.
    # shellcheck disable=SC2086,SC2016
    ill=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks $tasks \
        --query 'length(tasks[?healthStatus!=`HEALTHY`])' --output text) || return 1
    [ "$ill" = 0 ] || return 1
    for task in $tasks; do
        consumes "worker/worker/${task##*/}" || return 1
    done
}

# Two minutes for a task's log stream.
consumes() {
    for _ in 1 2 3 4 5 6 7 8; do
        # A page of the answer may be empty.
        if aws logs filter-log-events --log-group-name "$LOG_GROUP" --log-stream-names "$1" \
            --filter-pattern '{ $.logger = "gp.pulse" && $.consuming > 0 }' \
            --query 'events[].logStreamName' --output text | grep -q "$1"; then
            return 0
        fi
        sleep "${PAUSE:-15}"
    done
    echo "no pulse of $1 in $LOG_GROUP says that it consumes" >&2
    return 1
}

aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition "$new" >/dev/null
if healthy; then
    echo "rolled out $new"
    exit 0
fi

echo "$new did not become stable, alive and consuming: going back to $former" >&2
aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition "$former" >/dev/null
aws ecs wait services-stable --cluster "$CLUSTER" --services "$SERVICE"
exit 1
