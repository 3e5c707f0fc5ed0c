"""Who may speak to whom on AWS."""

from typing import Any

from tests.infra.hcl import named, resource, resources

INGRESS = dict(resources("aws_vpc_security_group_ingress_rule"))
EGRESS = dict(resources("aws_vpc_security_group_egress_rule"))
GROUPS = dict(resources("aws_security_group"))


def test_nobody_reaches_a_worker() -> None:
    assert [address for address, rule in INGRESS.items() if "worker" in _group(rule)] == []


def test_broker_and_state_are_reached_by_workers_only() -> None:
    assert {_group(rule) for rule in INGRESS.values()} == {"broker", "state"}
    for address, rule in INGRESS.items():
        assert rule["referenced_security_group_id"] == "${aws_security_group.worker.id}", address
        assert not {"cidr_ipv4", "cidr_ipv6", "prefix_list_id"} & set(rule), address


def test_security_groups_have_no_rules_of_their_own() -> None:
    # Rules inside a group would escape the tests here.
    assert len(GROUPS) == 3
    for address, group in {**GROUPS, **dict(resources("aws_default_security_group"))}.items():
        assert not {"ingress", "egress"} & set(group), address
    assert [*resources("aws_security_group_rule")] == []


def test_workers_reach_the_broker_the_state_and_https_and_nothing_else() -> None:
    assert {(rule["from_port"], rule["to_port"], rule["ip_protocol"]) for rule in EGRESS.values()} == {
        (5671, 5671, "tcp"),
        (6379, 6379, "tcp"),
        (443, 443, "tcp"),
    }
    assert {_group(rule) for rule in EGRESS.values()} == {"worker"}


def test_only_https_may_leave_for_everywhere() -> None:
    for address, rule in EGRESS.items():
        if rule["from_port"] == 443:
            assert rule["cidr_ipv4"] == "0.0.0.0/0"
        else:
            assert "referenced_security_group_id" in rule, address
            assert not {"cidr_ipv4", "cidr_ipv6"} & set(rule), address


def test_workers_are_in_private_subnets_without_an_address() -> None:
    [network] = resource("aws_ecs_service")["network_configuration"]

    assert network["assign_public_ip"] is False
    assert named("network", "output")["private_subnet_ids"]["value"] == "${aws_subnet.private[*].id}"
    assert named("", "module")["worker"]["subnet_ids"] == "${module.network.private_subnet_ids}"
    assert resource("aws_subnet", "public")["map_public_ip_on_launch"] is False


def _group(rule: dict[str, Any]) -> str:
    return str(rule["security_group_id"]).removeprefix("${aws_security_group.").removesuffix(".id}")
