"""The service on AWS: no privilege, no secret in the open, rolled back when it fails."""

import re
from inspect import signature

import pytest

from gprunner.cli.worker import run as worker_command
from gprunner.settings import Settings
from tests.infra.files import INFRA, last_stage
from tests.infra.hcl import TERRAFORM, local_values, module, modules, named, resource, resources, values

ENVIRONMENTS = sorted((TERRAFORM / "environments").glob("*.tfvars"))
WORKER = local_values("worker")
SECRET = re.compile(r"token|password|secret|rabbitmq_url|redis_url", re.IGNORECASE)


def test_a_failed_roll_out_is_rolled_back() -> None:
    service = resource("aws_ecs_service")

    assert service["deployment_circuit_breaker"] == [{"enable": True, "rollback": True}]
    assert service["deployment_minimum_healthy_percent"] == 100
    assert service["enable_execute_command"] is False


def test_containers_have_no_privilege_and_write_nothing() -> None:
    hardened = WORKER["hardened"]
    user = last_stage((INFRA / "Dockerfile").read_text())["USER"][-1]

    assert hardened["user"] == user
    assert hardened["readonlyRootFilesystem"] is True
    assert hardened["privileged"] is False
    assert hardened["linuxParameters"] == {"capabilities": {"drop": ["ALL"]}}


@pytest.mark.parametrize("name", ["worker", "topology"])
def test_every_task_has_what_hardens_it(name: str) -> None:
    definition = resource("aws_ecs_task_definition", name)

    assert definition["container_definitions"] == f"${{jsonencode([merge(local.hardened, local.{name})])}}"
    # Nothing that hardens is taken back.
    assert not set(WORKER["hardened"]) & set(WORKER[name])


def test_secrets_come_by_reference_only() -> None:
    assert "valueFrom" in WORKER["worker"]["secrets"]
    assert [set(secret) for secret in WORKER["topology"]["secrets"]] == [{"name", "valueFrom"}]
    assert [name for name in WORKER["environment"] if SECRET.search(name)] == []
    for value in WORKER["environment"].values():
        assert "secret" not in value
        assert "random_password" not in value


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("DISCORD_BOT_TOKEN", True),
        ("rabbitmq_url", True),
        ("OTEL_EXPORTER_OTLP_HEADERS", True),
        ("EVENT_PREFETCH", False),
    ],
)
def test_more_settings_are_given_but_no_secrets(name: str, refused: bool) -> None:
    rules = [one["condition"] for one in named("worker", "variable")["settings"]["validation"]]
    [names, addresses] = [found[1] for rule in rules if (found := re.search(r'regex\("([^"]+)"', rule))]

    assert "merge(local.environment, var.settings)" in str(WORKER["hardened"]["environment"])
    assert bool(re.search(names, name.upper())) == refused
    assert re.search(addresses, "http://me:hunter2@collector:4318")
    assert not re.search(addresses, "http://collector:4318")


def test_what_the_alarms_and_the_health_check_rely_on_is_not_changed() -> None:
    rules = str(named("worker", "variable")["settings"]["validation"])
    relied_on = ("GP_HOST", "PORT", "GP_PREFIX", "LOG_FORMAT", "LOG_LEVEL")

    assert [name for name in relied_on if f'"{name}"' not in rules] == []


def test_nobodys_application_is_run_by_mistake() -> None:
    assert "default" not in named("", "variable")["application_id"]
    assert [path.name for path in ENVIRONMENTS if "application_id" in values(path)] == []


def test_every_variable_of_a_task_is_a_setting() -> None:
    known = {name.upper() for name in Settings.model_fields}

    assert set(WORKER["environment"]) <= known
    assert set(local_values("secrets")["urls"]) <= known


def test_the_bot_token_is_there_only_where_a_deployment_uses_it() -> None:
    token = resource("aws_secretsmanager_secret", "bot_token")

    assert token["count"] == "${var.with_bot_token ? 1 : 0}"
    assert named("", "variable")["with_bot_token"]["default"] is False
    # Its value never passes through Terraform.
    assert len([*resources("aws_secretsmanager_secret_version")]) == 1


def test_a_task_is_replaced_only_if_it_is_not_alive() -> None:
    # Asked for more, ECS would replace the fleet again and again while RabbitMQ is away.
    assert WORKER["worker"]["healthCheck"]["command"] == ["CMD", "gp", "worker", "health", "--live"]


def test_a_task_has_longer_to_stop_than_its_drain_takes() -> None:
    assert WORKER["shutdown_timeout"] == signature(worker_command).parameters["shutdown_timeout"].default
    assert WORKER["shutdown_timeout"] + 10 <= WORKER["stop_timeout"] <= 120


def test_the_task_role_may_do_nothing() -> None:
    roles = [body["role"] for _, body in resources("aws_iam_role_policy")]

    assert "${aws_iam_role.task.id}" not in roles
    assert [*resources("aws_iam_role_policy_attachment")] == []


def test_every_permission_names_what_it_is_for() -> None:
    for name in modules():
        for block in module(name).get("data", []):
            for label, document in block.get("aws_iam_policy_document", {}).items():
                for statement in document["statement"]:
                    assert not [action for action in statement["actions"] if action.startswith("*")]
                    anything = statement.get("resources") == ["*"] and label != "key"
                    # These know no resource; or a condition says where.
                    known = {"ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"}
                    assert not anything or set(statement["actions"]) <= known or "condition" in statement, label


def test_images_are_scanned_kept_apart_and_thrown_away() -> None:
    repository = resource("aws_ecr_repository")

    assert repository["image_scanning_configuration"] == [{"scan_on_push": True}]
    assert repository["image_tag_mutability"] == "IMMUTABLE"
    # Counted by tags: an index is several images.
    policy = resource("aws_ecr_lifecycle_policy")["policy"]
    assert re.search(r'"tagged".*countNumber"?\s*[=:]\s*30', policy, re.DOTALL)
    assert '"any"' not in policy


def test_logs_are_encrypted_and_do_not_stay_for_ever() -> None:
    groups = dict(resources("aws_cloudwatch_log_group"))

    assert len(groups) == 2
    for address, group in groups.items():
        assert group["retention_in_days"] == "${var.log_days}", address
        assert "kms_key_id" in group, address
    assert all(values(path)["log_retention_days"] >= 365 for path in ENVIRONMENTS)


def test_broker_and_state_speak_tls_only() -> None:
    broker, state = resource("aws_mq_broker"), resource("aws_elasticache_replication_group")

    assert broker["publicly_accessible"] is False
    assert broker["security_groups"] == ["${var.security_group_id}"]
    assert "amqps://" in named("broker", "output")["url"]["value"]
    assert state["transit_encryption_enabled"] is True
    assert state["transit_encryption_mode"] == "required"
    assert state["at_rest_encryption_enabled"] is True
    assert state["auth_token"] == "${random_password.token.result}"
    assert named("state", "output")["url"]["value"].startswith("rediss://")


@pytest.mark.parametrize("name", ["broker", "state"])
def test_an_address_with_a_password_is_marked_as_sensitive(name: str) -> None:
    assert named(name, "output")["url"]["sensitive"] is True


def test_state_is_never_evicted() -> None:
    assert resource("aws_elasticache_parameter_group")["parameter"] == [
        {"name": "maxmemory-policy", "value": "noeviction"}
    ]


def test_the_broker_is_one_whose_queues_are_measured() -> None:
    # Amazon MQ publishes no metrics of single queues for RabbitMQ 4.
    assert resource("aws_mq_broker")["engine_version"].startswith("3.")
