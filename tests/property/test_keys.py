from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.keys import (
    LimitKind,
    claim_key,
    cooldown_key,
    egress_key,
    entity_name,
    fleet_key,
    fleet_log_key,
    limit_key,
    major_key,
    session_key,
)

pytestmark = pytest.mark.property

hostile = st.one_of(
    st.text(alphabet=":{}%", max_size=4),
    st.text(alphabet="ab:{}%3A ", max_size=6),
    st.text(alphabet="?\ud800\udfff", max_size=2),
    st.text(max_size=4),
)
"""Ids with separators, hash tags, escapes, and surrogates that no encoding takes."""

kinds = st.sampled_from(["window", "counter", "gcra"])
inputs = st.one_of(
    st.tuples(st.sampled_from(["cd", "sess"]), hostile, hostile),
    st.tuples(st.just("event"), hostile),
    st.tuples(st.sampled_from(["fleet", "log", "egress"]), hostile),
    st.tuples(st.just("major"), hostile, hostile),
    st.tuples(st.just("rl"), hostile, hostile, hostile, st.sampled_from(["1", "1000000", "60000000"]), kinds),
)


KINDS: dict[str, LimitKind] = {"window": "window", "counter": "counter", "gcra": "gcra"}
MAKERS: dict[str, Callable[..., str]] = {
    "cd": cooldown_key,
    "sess": session_key,
    "event": claim_key,
    "fleet": fleet_key,
    "log": fleet_log_key,
    "egress": egress_key,
    "major": major_key,
}


def key_of(named: tuple[str, ...]) -> str:
    kind, *parts = named
    if kind in MAKERS:
        return MAKERS[kind](*parts)
    handler, scope, bucket, per_us, what = parts
    return limit_key(handler, scope, bucket, per_us=int(per_us), kind=KINDS[what])


@given(inputs, inputs)
def test_p18_and_s10_different_inputs_never_share_a_key(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)


@given(st.tuples(hostile, hostile), st.tuples(hostile, hostile))
def test_p18_different_entities_never_share_a_name_or_choose_a_slot(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert (entity_name(*one) == entity_name(*other)) == (one == other)
    assert {"{", "}"}.isdisjoint(entity_name(*one))


@given(inputs)
def test_a_key_is_printable_and_only_the_fleets_own_hold_a_hash_tag(named: tuple[str, ...]) -> None:
    key = key_of(named)

    assert key.isascii()
    assert key.isprintable()
    assert " " not in key
    tagged = named[0] in {"fleet", "log", "egress", "major"}
    assert [key.count("{"), key.count("}")] == [tagged, tagged]


@given(hostile, hostile)
def test_everything_about_one_bot_is_in_one_slot(application: str, major: str) -> None:
    keys = [fleet_key(application), fleet_log_key(application), major_key(application, major)]

    assert len({key.partition("}")[0] for key in keys}) == 1


def test_p18_what_no_encoding_takes_is_not_made_alike() -> None:
    assert len({claim_key(text) for text in ("?", "\ud800", "\ud801", "\ufffd")}) == 4


def test_plain_ids_stay_readable() -> None:
    assert cooldown_key("ping", "430305391411331087") == "cd:ping:430305391411331087"
    assert cooldown_key("wallet check", "1") == "cd:wallet%20check:1"
    assert session_key("verify", "430305391411331087") == "sess:verify:430305391411331087"
    assert claim_key("0f9b4c1e-1111-5222-8333-944455556666") == "event:processed:0f9b4c1e-1111-5222-8333-944455556666"
    assert limit_key("ping", "guild", "7", per_us=60_000_000) == "rl:ping:guild:7:60s"
    assert cooldown_key("a/b", "1") == "cd:a%2Fb:1"
    assert limit_key("ping", "guild", "7", per_us=60_000_000, kind="gcra") == "rl:ping:guild:7:60s:gcra"
    assert fleet_key("7") == "{dc:7}:fleet"
    assert fleet_log_key("7") == "{dc:7}:log"
    assert major_key("7", "channel:8") == "{dc:7}:m:channel%3A8"
    assert egress_key("nat-1") == "{ip:nat-1}:invalid"
    assert entity_name("user", "430305391411331087") == "user:430305391411331087"
    assert limit_key("ping", "guild", "7", per_us=1_500_000) == "rl:ping:guild:7:1500000us"
