"""Cooldowns and limits of a handler, asked of the fleet's store before it runs."""

from datetime import timedelta
from typing import Final

from gpcore.application.handlers import CompiledHandler, HandlerKind
from gpcore.application.policies import scope_name
from gpcore.domain import metrics
from gpcore.domain.interactions import Interaction
from gpcore.domain.keys import cooldown_key, entity_name, limit_key
from gpcore.domain.limit_rules import NEVER, Decision, Rule
from gpcore.domain.limits import Scope
from gpcore.domain.refusals import Refusal
from gpcore.errors import PortError
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.clock import Clock
from gpcore.ports.telemetry import Telemetry


class Admission:
    """Asks whether an interaction may run, and gives its use back when the handler failed."""

    def __init__(self, store: AdmissionStore, clock: Clock, telemetry: Telemetry) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._telemetry: Final = telemetry

    async def refusal(self, handler: CompiledHandler, interaction: Interaction) -> Refusal | None:
        """Return why the use is refused, ``None`` if it is admitted."""
        rules = rules_of(handler, interaction)
        if not rules:
            return None
        try:
            decision = await self._store.admit(rules, nonce=interaction.id)
        except PortError:
            self._telemetry.count(metrics.STATE_FAILURES, "admit")
            return Refusal(known=False) if handler.policy.if_limits_down == "refuse" else None
        self._telemetry.count(metrics.ADMISSIONS, "allowed" if decision.allowed else "refused")
        return None if decision.allowed else self._refusal(decision)

    async def refund(self, handler: CompiledHandler, interaction: Interaction) -> None:
        """Give the use back; a store that fails keeps it, which is counted."""
        rules = rules_of(handler, interaction)
        if not rules:
            return
        try:
            await self._store.refund(rules, nonce=interaction.id)
        except PortError:
            self._telemetry.count(metrics.STATE_FAILURES, "refund")

    def _refusal(self, decision: Decision) -> Refusal:
        if decision.retry_after_us == NEVER:
            return Refusal()
        return Refusal(
            retry_after=timedelta(microseconds=decision.retry_after_us),
            at_us=self._clock.now_us() + decision.retry_after_us,
        )


def rules_of(handler: CompiledHandler, interaction: Interaction) -> list[Rule]:
    """Return the handler's cooldown and limits, bound to the keys that this interaction counts on."""
    policy = handler.policy
    # A command keeps the plain name that operators look for; others of the same name do not share its uses.
    name = handler.registration.name if handler.kind is HandlerKind.COMMAND else handler.label
    rules: list[Rule] = []
    if policy.cooldown is not None:
        scope, bucket = _bucket(policy.cooldown.scope, interaction)
        shared = bucket if scope == "user" else f"{scope}:{bucket}"
        rules.append(policy.cooldown.rule(cooldown_key(name, shared), entity=_entity(scope, bucket, interaction)))
    for limit in policy.limits:
        scope, bucket = _bucket(limit.scope, interaction)
        key = limit_key(name, scope, bucket, per_us=limit.per_us, kind=limit.kind)
        rules.append(limit.rule(key, entity=_entity(scope, bucket, interaction)))
    return rules


def _bucket(scope: Scope, interaction: Interaction) -> tuple[str, str]:
    user, guild = interaction.user_id or "", interaction.guild_id or ""
    if not isinstance(scope, str):
        # Named, so that two functions may share a window.
        return scope_name(scope), scope(interaction)
    if scope == "member":
        return scope, f"{guild}:{user}"
    if scope == "channel":
        return scope, interaction.channel_id or ""
    if scope == "guild":
        # Outside a guild a direct-message channel is the nearest thing to one.
        return scope, guild or f"dm:{interaction.channel_id or user}"
    return scope, user if scope == "user" else ""


def _entity(scope: str, bucket: str, interaction: Interaction) -> str:
    # A member's limits are decided together with those of the user.
    return entity_name("user", interaction.user_id or "") if scope == "member" else entity_name(scope, bucket)
