from gpadapters.discord.answers import Answer
from gpadapters.discord.bot_routes import create_message, member
from gpadapters.discord.buckets import Buckets

ONE = create_message("849256214691971078")
OTHER = create_message("849256214691971079")
GUILD = member("849255963033731074", "430305391411331087")


def an_answer(remaining: int, *, reset_after: float = 2.0, limit: int = 5, bucket: str = "abc") -> Answer:
    return Answer(
        status=200,
        headers={
            "x-ratelimit-bucket": bucket,
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(remaining),
            "x-ratelimit-reset-after": f"{reset_after:.3f}",
        },
    )


def test_an_unknown_bucket_lets_requests_through() -> None:
    assert Buckets().take(ONE, now=0.0) == 0.0


def test_a_used_up_bucket_waits_for_its_reset() -> None:
    buckets = Buckets()
    buckets.learn(ONE, an_answer(1), now=0.0)

    assert buckets.take(ONE, now=0.5) == 0.0
    assert buckets.take(ONE, now=0.5) == 1.5
    assert buckets.take(ONE, now=2.0) == 0.0


def test_after_a_reset_only_the_limit_goes_through_at_once() -> None:
    buckets = Buckets()
    buckets.learn(ONE, an_answer(0, limit=2), now=0.0)

    assert [buckets.take(ONE, now=2.0) for _ in range(3)] == [0.0, 0.0, 2.0]


def test_a_late_answer_never_gives_requests_back() -> None:
    buckets = Buckets()
    buckets.learn(ONE, an_answer(0), now=0.0)
    buckets.learn(ONE, an_answer(4), now=0.1)

    assert buckets.take(ONE, now=0.2) > 0


def test_major_parameters_are_apart() -> None:
    buckets = Buckets()
    buckets.learn(ONE, an_answer(0), now=0.0)

    assert buckets.take(ONE, now=0.0) > 0
    assert buckets.take(OTHER, now=0.0) == 0.0


def test_routes_of_one_bucket_share_it() -> None:
    buckets = Buckets()
    other_route = member("849256214691971078", "430305391411331087")
    buckets.learn(ONE, an_answer(3), now=0.0)
    buckets.learn(other_route, an_answer(0), now=0.0)

    assert buckets.take(ONE, now=0.0) > 0


def test_a_block_holds_without_any_header() -> None:
    buckets = Buckets()

    buckets.block(GUILD, until=10.0)

    assert buckets.take(GUILD, now=4.0) == 6.0
    assert buckets.take(GUILD, now=10.0) == 0.0


def test_odd_headers_teach_nothing() -> None:
    buckets = Buckets()
    answer = Answer(status=200, headers={"x-ratelimit-bucket": "abc", "x-ratelimit-remaining": "many"})

    buckets.learn(ONE, answer, now=0.0)

    assert buckets.take(ONE, now=0.0) == 0.0


def test_only_so_many_buckets_are_kept() -> None:
    buckets = Buckets(most=2)
    routes = [create_message(str(849256214691971078 + number)) for number in range(3)]

    for route in routes:
        buckets.block(route, until=10.0)

    assert [buckets.take(route, now=0.0) for route in routes] == [0.0, 10.0, 10.0]
