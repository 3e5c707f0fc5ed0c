"""Learns from what came of a request: the reference for memory and Redis.

Answers overtake each other. Which window a header speaks of is told by the window's end on
Discord's own clock, compared only with other ends on that clock; how long it lasts is counted on the
store's clock from now on, which is never too short. An answer about an older window says nothing new.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gpcore.domain.request_pacing import Heard, Scope, Window
from gpcore.domain.request_states import Bar, Bucket, FleetState, Lease, MajorState, with_entry
from gpcore.domain.reserving import SECOND_US, bucket_name

SAME_WINDOW_MS: Final = 50
RESET_MARGIN_US: Final = 5_000
"""Headers are rounded."""

BARRED_US: Final = 60 * SECOND_US
TOKEN_REFUSED_US: Final = 3600 * SECOND_US

_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403


def hear(fleet: FleetState, major: MajorState, heard: Heard, *, now_us: int) -> tuple[FleetState, MajorState]:
    """Return the states after a report.

    A report whose lease is gone (told twice, or too late) teaches the headers and nothing else.
    """
    lease = major.leases.get(heard.nonce)
    held = lease is not None and now_us < lease.until_us
    kept = {n: one for n, one in major.leases.items() if now_us < one.until_us and n != heard.nonce}
    buckets = _learned(major.buckets, heard, now_us)
    blocks = {name: until_us for name, until_us in major.blocks.items() if now_us < until_us}
    bars = {resource: bar for resource, bar in major.bars.items() if now_us < bar.until_us}
    if heard.window is not None:
        fleet = replace(fleet, routes=with_entry(fleet.routes, heard.target.route, heard.window.bucket))
    if lease is not None and held:
        kept |= _perhaps_counted(buckets, lease, heard, now_us)
        if heard.scope in (Scope.USER, Scope.SHARED):
            name = bucket_name(fleet, heard.target.route)
            blocks[name] = max(blocks.get(name, 0), now_us + heard.retry_after_us)
        if heard.status == _FORBIDDEN:
            bars[heard.target.resource] = Bar(now_us + BARRED_US, heard.code)
        fleet = _told(fleet, heard, now_us)
    return fleet, MajorState(buckets=buckets, blocks=blocks, leases=kept, bars=bars)


def _learned(buckets: Mapping[str, Bucket], heard: Heard, now_us: int) -> Mapping[str, Bucket]:
    window = heard.window
    if window is None:
        return buckets
    known = buckets.get(window.bucket)
    if known is None or window.ends_ms > known.ends_ms + SAME_WINDOW_MS:
        return with_entry(buckets, window.bucket, _as_told(window, known, now_us))
    if not known.told or window.ends_ms < known.ends_ms - SAME_WINDOW_MS:
        return buckets
    return with_entry(buckets, window.bucket, replace(known, remaining=min(known.remaining, window.remaining)))


def _as_told(window: Window, known: Bucket | None, now_us: int) -> Bucket:
    return Bucket(
        limit=window.limit,
        remaining=window.remaining,
        length_us=max(known.length_us if known is not None else 0, window.reset_after_us),
        ends_ms=window.ends_ms,
        reset_us=now_us + window.reset_after_us + RESET_MARGIN_US,
        told=True,
    )


def _perhaps_counted(buckets: Mapping[str, Bucket], lease: Lease, heard: Heard, now_us: int) -> Mapping[str, Lease]:
    """Return the lease by which a request stays in flight whose answer did not say whether it was counted.

    It was counted by now or never, so for as long as a window lasts. No header can take its place: another
    answer may have been written before it was counted.
    """
    bucket = buckets.get(lease.bucket)
    if heard.window is not None or bucket is None:
        return {}
    return {f"{heard.nonce}!": Lease(lease.bucket, now_us + bucket.length_us + RESET_MARGIN_US)}


def _told(fleet: FleetState, heard: Heard, now_us: int) -> FleetState:
    if heard.scope is Scope.GLOBAL:
        return replace(fleet, blocked_until_us=max(fleet.blocked_until_us, now_us + heard.retry_after_us))
    if heard.status == _UNAUTHORIZED:
        return replace(fleet, refused_token=heard.target.token, refused_until_us=now_us + TOKEN_REFUSED_US)
    return fleet
