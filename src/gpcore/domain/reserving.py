"""Decides whether a request may leave now: the reference for memory and Redis.

Four things are asked, all or nothing, and only a ``GO`` changes anything:

- the bot token was not refused, and Discord did not forbid the same a moment ago;
- no global 429 holds;
- the bucket has a request left that is not already in flight. Of a bucket that nothing is known of,
  one request at a time leaves, to learn;
- fewer than the limit left in the last second.

A request that was let go holds a lease, so that requests in flight count before Discord counts them.
A worker that dies leaves its leases to lapse.
"""

from dataclasses import replace
from typing import Final

from gpcore.domain.limit_rules import WindowRule
from gpcore.domain.limit_states import Hit
from gpcore.domain.request_pacing import Ask, Permit, Verdict
from gpcore.domain.request_states import Bucket, FleetState, Lease, MajorState, with_entry
from gpcore.domain.sliding_window import judge_window

SECOND_US: Final = 1_000_000
LEASE_US: Final = 15 * SECOND_US
"""Longer than a request may take."""

LOOK_AGAIN_US: Final = 50_000
"""The wait for somebody else's answer."""


def reserve(
    fleet: FleetState, major: MajorState, ask: Ask, *, now_us: int, most_per_second: int
) -> tuple[FleetState, MajorState, Permit]:
    """Decide one ask; anything but ``GO`` returns both states as they were."""
    refusal = _refusal(fleet, major, ask, now_us)
    if refusal is not None:
        return fleet, major, refusal
    go = Permit(verdict=Verdict.GO, now_us=now_us)
    held = major.leases.get(ask.nonce)
    if held is not None and now_us < held.until_us:
        return fleet, major, go
    name = bucket_name(fleet, ask.target.route)
    bucket = _present(major.buckets.get(name), now_us)
    judged = judge_window(_a_second(most_per_second), fleet.log, now_us, ask.nonce)
    wait_us = max(
        fleet.blocked_until_us - now_us,
        major.blocks.get(name, 0) - now_us,
        major.blocks.get(own_bucket(ask.target.route), 0) - now_us,
        _bucket_wait(bucket, _in_flight(major, name, now_us), now_us),
        judged.retry_after_us,
    )
    if wait_us > 0:
        verdict = Verdict.WAIT if wait_us <= ask.patience_us else Verdict.BUSY
        return fleet, major, Permit(verdict=verdict, now_us=now_us, wait_us=wait_us)
    log = judged.taking.state if judged.taking is not None else fleet.log
    leases = {nonce: lease for nonce, lease in major.leases.items() if now_us < lease.until_us}
    leases[ask.nonce] = Lease(name, now_us + LEASE_US)
    buckets = major.buckets if bucket is None else with_entry(major.buckets, name, bucket)
    return replace(fleet, log=_as_log(log)), replace(major, buckets=buckets, leases=leases), go


def bucket_name(fleet: FleetState, route: str) -> str:
    """Return the name of a route's bucket."""
    return fleet.routes.get(route, own_bucket(route))


def own_bucket(route: str) -> str:
    """Return the name that a route's bucket has until Discord has told another."""
    return f"?{route}"


def _refusal(fleet: FleetState, major: MajorState, ask: Ask, now_us: int) -> Permit | None:
    if ask.target.token == fleet.refused_token and now_us < fleet.refused_until_us:
        return Permit(verdict=Verdict.TOKEN_REFUSED, now_us=now_us, wait_us=fleet.refused_until_us - now_us)
    bar = major.bars.get(ask.target.resource)
    if bar is not None and now_us < bar.until_us:
        return Permit(verdict=Verdict.FORBIDDEN, now_us=now_us, wait_us=bar.until_us - now_us, code=bar.code)
    return None


def _present(bucket: Bucket | None, now_us: int) -> Bucket | None:
    """Return the bucket as of now: once its window is over, a whole one is assumed."""
    if bucket is None or now_us < bucket.reset_us:
        return bucket
    return replace(bucket, remaining=bucket.limit, reset_us=now_us + bucket.length_us, told=False)


def _in_flight(major: MajorState, name: str, now_us: int) -> int:
    return sum(lease.bucket == name and now_us < lease.until_us for lease in major.leases.values())


def _bucket_wait(bucket: Bucket | None, in_flight: int, now_us: int) -> int:
    if bucket is None:
        return LOOK_AGAIN_US if in_flight else 0
    if bucket.remaining > in_flight:
        return 0
    until_reset = bucket.reset_us - now_us
    # What is in flight may have been counted already: its answer tells.
    return min(LOOK_AGAIN_US, until_reset) if bucket.remaining > 0 else until_reset


def _a_second(most: int) -> WindowRule:
    return WindowRule(key="g", limit=most, window_us=SECOND_US)


def _as_log(state: object) -> tuple[Hit, ...]:
    return state if isinstance(state, tuple) else ()
