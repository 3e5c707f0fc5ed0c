"""How many workers run on AWS, and what somebody is told."""

import re

import pytest

from gpadapters.rabbitmq.names import Names
from gpcore.domain.wire_message import Lane
from tests.infra.hcl import local_values, module, named, resource, resources, text

ALARMS = dict(resources("aws_cloudwatch_metric_alarm"))


def test_scales_from_two_to_twenty() -> None:
    target = resource("aws_appautoscaling_target")

    assert (target["min_capacity"], target["max_capacity"]) == ("${var.tasks.min}", "${var.tasks.max}")
    assert named("", "variable")["tasks"]["default"] == {"min": 2, "max": 20}


def test_scales_by_what_waits_and_by_how_long() -> None:
    backlog, age = resource("aws_appautoscaling_policy", "backlog"), resource("aws_appautoscaling_policy", "age")
    [tracking] = backlog["target_tracking_scaling_policy_configuration"]
    [specification] = tracking["customized_metric_specification"]
    returned = [one["id"] for one in specification["metrics"] if one["return_data"]]

    assert backlog["policy_type"] == "TargetTrackingScaling"
    assert returned == ["per_task"]
    assert age["policy_type"] == "StepScaling"
    assert ALARMS["scaling:aws_cloudwatch_metric_alarm.age"]["alarm_actions"] == [
        "${aws_appautoscaling_policy.age.arn}"
    ]


def test_queues_are_called_what_the_worker_calls_them() -> None:
    names = Names()
    alarms = local_values("alarms")
    lanes = local_values("scaling")["lanes"]

    for lane, key in ((Lane.INTERACTIONS, "interactions"), (Lane.EVENTS, "events")):
        assert alarms["queues"][key] == lanes[key]["queue"] == names.queue(lane)
        assert alarms["dead_letter_queues"][key] == names.dead_letter_queue(lane)


PUBLISHED = {
    "AWS/AmazonMQ": {"MessageCount", "MessageReadyCount", "RabbitMQMemUsed", "RabbitMQMemLimit"},
    "ECS/ContainerInsights": {"RunningTaskCount"},
    "AWS/ECS": {"MemoryUtilization"},
    "AWS/ElastiCache": {"DatabaseMemoryUsagePercentage"},
    "own": {"OldestInteractionSeconds", "DeadlineMisses"},
}
NAMESPACES = {"${local.namespace}": "own", "${var.metrics}": "own"}


@pytest.mark.parametrize(
    ("label", "metric"),
    [
        ("no_running_task", "RunningTaskCount"),
        ("dead_letters", "MessageCount"),
        ("depth", "MessageReadyCount"),
        ("age", "OldestInteractionSeconds"),
        ("deadline_misses", "DeadlineMisses"),
        ("worker_memory", "MemoryUtilization"),
        ("state_memory", "DatabaseMemoryUsagePercentage"),
    ],
)
def test_somebody_is_told(label: str, metric: str) -> None:
    alarm = ALARMS[f"alarms:aws_cloudwatch_metric_alarm.{label}"]

    assert alarm["metric_name"] == metric
    assert alarm["alarm_actions"] == ["${aws_sns_topic.alarms.arn}"]
    assert "docs/runbook.md" in alarm["alarm_description"]


def test_every_metric_that_is_read_is_published_by_somebody() -> None:
    read = [alarm for alarm in ALARMS.values() if "metric_name" in alarm]
    queries = [query for alarm in ALARMS.values() for query in alarm.get("metric_query", [])]
    read += [query["metric"][0] for query in queries if "metric" in query]

    assert len(read) == 10
    for one in read:
        assert one["metric_name"] in PUBLISHED[NAMESPACES.get(one["namespace"], one["namespace"])]


def test_no_worker_at_all_is_an_alarm_though_nothing_is_published_then() -> None:
    assert ALARMS["alarms:aws_cloudwatch_metric_alarm.no_running_task"]["treat_missing_data"] == "breaching"


def test_the_deploy_role_has_no_key() -> None:
    # The registry has a grant of its own; whoever pushes needs none.
    assert [one for one in re.findall(r'"([a-z]+):\w+"', text("delivery")) if one == "kms"] == []


def test_the_deploy_role_is_for_one_environment_of_one_repository() -> None:
    [trust] = [
        block["aws_iam_policy_document"]["trust"]
        for block in module("delivery")["data"]
        if "trust" in block.get("aws_iam_policy_document", {})
    ]
    [statement] = trust["statement"]
    conditions = {one["variable"]: (one["test"], one["values"]) for one in statement["condition"]}

    assert conditions["token.actions.githubusercontent.com:sub"] == (
        "StringEquals",
        ["repo:${var.repository}:environment:${var.environment}"],
    )
    assert conditions["token.actions.githubusercontent.com:aud"] == ("StringEquals", ["sts.amazonaws.com"])
