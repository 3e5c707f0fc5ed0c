"""Which limits an interaction counts on, and what a user is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore import (
    CommandContext,
    ComponentContext,
    Cooldown,
    Gcra,
    Router,
    SlidingWindow,
    User,
    WindowCounter,
)
from gpcore.application.admission import Admission, rules_of
from gpcore.application.handlers import CompiledHandler
from gpcore.domain import metrics
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.limit_rules import NEVER, CooldownRule, CounterRule, Decision, GcraRule, Rule, WindowRule
from gpcore.domain.limits import Limit, Scope
from gpcore.domain.secrets import Secret
from tests.builders import a_fresh_snowflake
from tests.unit.application.worlds import World

USER, GUILD, CHANNEL = "430305391411331087", "849255963033731074", "849256214691971078"


def a_use(**changes: str | None) -> Interaction:
    values = {"user_id": USER, "guild_id": GUILD, "channel_id": CHANNEL, **changes}
    return Interaction(id=a_fresh_snowflake(), token=Secret("t"), kind=InteractionKind.COMMAND, **values)  # type: ignore[arg-type]  # only ids are changed


def a_handler(cooldown: Cooldown | None = None, *limits: Limit) -> CompiledHandler:
    router = Router()

    @router.command("work", cooldown=cooldown, limits=limits)
    async def work(ctx: CommandContext) -> None:
        """Work."""

    [handler] = router.compile()
    return handler


def by_level(interaction: Interaction) -> str:
    return f"level {interaction.locale}"


@pytest.mark.parametrize(
    ("scope", "key"),
    [
        ("user", f"rl:work:user:{USER}:60s"),
        ("member", f"rl:work:member:{GUILD}%3A{USER}:60s"),
        ("channel", f"rl:work:channel:{CHANNEL}:60s"),
        ("guild", f"rl:work:guild:{GUILD}:60s"),
        ("global", "rl:work:global::60s"),
        (lambda interaction: f"level {interaction.locale}", "rl:work:custom:level%20None:60s"),
        (by_level, "rl:work:custom.by_level:level%20None:60s"),
    ],
)
def test_a_limit_counts_on_what_shares_its_scope(scope: Scope, key: str) -> None:
    rules = rules_of(a_handler(None, SlidingWindow(3, per=60, scope=scope)), a_use())

    assert [(rule.key, rule) for rule in rules] == [(key, SlidingWindow(3, per=60).rule(key, entity=rules[0].entity))]


@pytest.mark.parametrize(
    ("scope", "key"),
    [("user", f"cd:work:{USER}"), ("guild", f"cd:work:guild%3A{GUILD}"), ("global", "cd:work:global%3A")],
)
def test_a_cooldown_of_users_keeps_the_plain_key(scope: str, key: str) -> None:
    [rule] = rules_of(a_handler(Cooldown(1.5, scope=scope)), a_use())

    assert rule == CooldownRule(key=key, duration_us=1_500_000, entity=rule.entity)


@pytest.mark.parametrize(
    ("limit", "rule"),
    [
        (SlidingWindow(3, per=60), WindowRule(key="rl:work:user:1:60s", limit=3, window_us=60_000_000)),
        (WindowCounter(3, per=60), CounterRule(key="rl:work:user:1:60s:counter", limit=3, window_us=60_000_000)),
        (Gcra(7, per=60, burst=2), GcraRule(key="rl:work:user:1:60s:gcra", interval_us=8_571_429, burst=2)),
    ],
)
def test_each_kind_of_limit_keeps_its_own_key(limit: Limit, rule: Rule) -> None:
    assert rules_of(a_handler(None, limit), a_use(user_id="1")) == [replace(rule, entity="user:1")]


@pytest.mark.parametrize(
    ("scope", "entity"),
    [
        ("user", f"user:{USER}"),
        ("member", f"user:{USER}"),
        ("channel", f"channel:{CHANNEL}"),
        ("guild", f"guild:{GUILD}"),
        ("global", "global:"),
        (lambda _: "a{b}", "custom:a%7Bb%7D"),
    ],
)
def test_what_a_limit_counts_is_named_so_that_a_cluster_keeps_it_together(scope: Scope, entity: str) -> None:
    rules = rules_of(a_handler(Cooldown(5, scope=scope), SlidingWindow(3, per=60, scope=scope)), a_use())

    assert {rule.entity for rule in rules} == {entity}


@pytest.mark.parametrize(
    ("changes", "bucket"),
    [({"guild_id": None}, f"dm%3A{CHANNEL}"), ({"guild_id": None, "channel_id": None}, f"dm%3A{USER}")],
)
def test_outside_a_guild_the_conversation_stands_for_it(changes: dict[str, None], bucket: str) -> None:
    rules = rules_of(a_handler(None, SlidingWindow(3, per=60, scope="guild")), a_use(**changes))

    assert [rule.key for rule in rules] == [f"rl:work:guild:{bucket}:60s"]


def test_what_a_publisher_lost_shares_one_bucket() -> None:
    nobody = a_use(user_id=None, guild_id=None, channel_id=None)
    scopes = ("user", "member", "channel")
    rules = rules_of(a_handler(None, *(SlidingWindow(3, per=60, scope=scope) for scope in scopes)), nobody)

    assert [rule.key for rule in rules] == ["rl:work:user::60s", "rl:work:member:%3A:60s", "rl:work:channel::60s"]


def test_handlers_of_other_kinds_do_not_share_a_commands_uses() -> None:
    router = Router()

    @router.component("work", cooldown=Cooldown(60))
    async def press(ctx: ComponentContext) -> None:
        """Press."""

    @router.user_command("work", cooldown=Cooldown(60))
    async def menu(ctx: CommandContext, target: User) -> None:
        """Choose."""

    keys = {rule.key for handler in [a_handler(Cooldown(60)), *router.compile()] for rule in rules_of(handler, a_use())}

    assert len(keys) == 3


def an_admission(world: World, telemetry: InMemoryTelemetry) -> Admission:
    return Admission(world.admissions, world.clock, telemetry)


async def test_a_handler_without_limits_asks_nobody(world: World) -> None:
    world.admissions.unavailable = True
    telemetry = InMemoryTelemetry()
    admission = an_admission(world, telemetry)

    assert await admission.refusal(a_handler(), a_use()) is None
    await admission.refund(a_handler(), a_use())

    assert telemetry.counts == {}


async def test_the_same_interaction_is_never_refused_by_its_own_use(world: World) -> None:
    admission, handler, use = an_admission(world, InMemoryTelemetry()), a_handler(Cooldown(60)), a_use()

    assert await admission.refusal(handler, use) is None
    assert await admission.refusal(handler, use) is None
    assert await admission.refusal(handler, a_use()) is not None


async def test_a_use_given_back_is_there_for_the_next(world: World) -> None:
    admission, handler, use = an_admission(world, InMemoryTelemetry()), a_handler(Cooldown(60)), a_use()
    await admission.refusal(handler, use)

    await admission.refund(handler, use)

    assert await admission.refusal(handler, a_use()) is None


class NeverAgain(InMemoryAdmissionStore):
    async def admit(self, rules: Sequence[Rule], *, nonce: str) -> Decision:
        return Decision(allowed=False, remaining=0, retry_after_us=NEVER, reset_after_us=0, now_us=0)


async def test_what_will_never_be_allowed_is_said_so(world: World) -> None:
    admission = Admission(NeverAgain(world.clock), world.clock, InMemoryTelemetry())

    refusal = await admission.refusal(a_handler(Cooldown(1)), a_use())

    assert refusal is not None
    assert (refusal.known, refusal.retry_after, refusal.when) == (True, None, "never")


async def test_the_moment_shown_is_one_at_which_it_is_allowed(world: World) -> None:
    telemetry = InMemoryTelemetry()
    admission, handler = an_admission(world, telemetry), a_handler(Cooldown(10.25))
    await admission.refusal(handler, a_use())

    refusal = await admission.refusal(handler, a_use())

    assert refusal is not None
    assert refusal.retry_after == timedelta(seconds=10.25)
    shown = int(refusal.when.removeprefix("<t:").removesuffix(":R>"))
    assert 0 <= shown * 1_000_000 - (world.clock.now_us() + 10_250_000) < 1_000_000
    assert telemetry.counted(metrics.ADMISSIONS, "allowed") == telemetry.counted(metrics.ADMISSIONS, "refused") == 1
