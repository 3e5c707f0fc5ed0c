"""The names of stored state, built so that no two different inputs share one.

Every part from outside is percent-encoded unless it is plain, and the parts are joined with
colons. A plain id stays readable (``cd:ping:430305391411331087``), while a colon, a brace (which a
cluster would read as a hash tag), a ``%`` and anything unprintable cannot reach a key.
"""

import re
from typing import Final, Literal
from urllib.parse import quote

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~-]*")
_SECOND_US: Final = 1_000_000

LimitKind = Literal["window", "counter", "gcra"]


def cooldown_key(command: str, bucket: str) -> str:
    """Return the key of one bucket's cooldown, ``cd:{command}:{bucket}``."""
    return f"cd:{_encoded(command)}:{_encoded(bucket)}"


def limit_key(handler: str, scope: str, bucket: str, *, per_us: int, kind: LimitKind = "window") -> str:
    """Return the key of one bucket's limit, ``rl:{handler}:{scope}:{bucket}:{period}``.

    The limit is left out on purpose: after a change of the limit the uses so far still count.

    Args:
        handler: The handler that declares the limit.
        scope: What shares it, such as ``guild``.
        bucket: Which of those it is, such as the guild's id.
        per_us: The period in microseconds; written as ``60s`` or ``1500000us``.
        kind: What is stored there; any but a window's exact log is named at the end.
    """
    seconds, rest = divmod(per_us, _SECOND_US)
    period = f"{per_us}us" if rest else f"{seconds}s"
    key = f"rl:{_encoded(handler)}:{_encoded(scope)}:{_encoded(bucket)}:{period}"
    return key if kind == "window" else f"{key}:{kind}"


def entity_name(scope: str, bucket: str) -> str:
    """Return the name of what a limit counts, ``{scope}:{bucket}``; see ``WindowRule.entity``."""
    return f"{_encoded(scope)}:{_encoded(bucket)}"


def session_key(kind: str, user_id: str) -> str:
    """Return the key of a user's session, ``sess:{kind}:{user_id}``."""
    return f"sess:{_encoded(kind)}:{_encoded(user_id)}"


def claim_key(claim_id: str) -> str:
    """Return the key of a claim, ``event:processed:{claim_id}``."""
    return f"event:processed:{_encoded(claim_id)}"


def fleet_key(application_id: str) -> str:
    """Return the key of what all requests of a bot share, ``{dc:<application>}:fleet``."""
    return f"{_bot(application_id)}:fleet"


def fleet_log_key(application_id: str) -> str:
    """Return the key of the requests that a bot sent in the last second, ``{dc:<application>}:log``."""
    return f"{_bot(application_id)}:log"


def major_key(application_id: str, major: str) -> str:
    """Return the key of a bot's limits in one guild or channel, ``{dc:<application>}:m:<major>``."""
    return f"{_bot(application_id)}:m:{_encoded(major)}"


def egress_key(egress: str) -> str:
    """Return the key of what is known of an egress address, ``{ip:<name>}:invalid``."""
    return f"{{ip:{_encoded(egress)}}}:invalid"


def _bot(application_id: str) -> str:
    # The braces keep a bot's keys in one slot of a cluster.
    return f"{{dc:{_encoded(application_id)}}}"


def _encoded(part: str) -> str:
    # A lone surrogate is encoded, not refused: a hostile id must neither raise nor collide.
    return part if _PLAIN.fullmatch(part) else quote(part, safe="", errors="surrogatepass")
