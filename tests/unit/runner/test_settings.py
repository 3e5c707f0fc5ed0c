"""Settings: defaults, checks, and that no fault shows a value."""

from pathlib import Path

import pytest

from gpcore.errors import ConfigurationError
from gprunner.settings import Settings

COMPLETE = {
    "RABBITMQ_URL": "amqp://gp:hunter2@broker:5672/",
    "REDIS_URL": "rediss://:hunter2@state:6379/0",
    "DISCORD_APPLICATION_ID": "1214497633075331073",
}


@pytest.fixture(autouse=True)
def an_empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_three_addresses_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    settings = Settings.load()
    assert (settings.gp_prefix, settings.gp_topology, settings.gp_wire_formats) == (
        "gp",
        "verify",
        ("v1", "v2", "frame"),
    )
    assert (settings.interaction_prefetch, settings.event_prefetch) == (100, 40)
    assert (settings.interaction_concurrency, settings.event_concurrency) == (20, 20)
    assert (settings.defer_timeout_ms, settings.processing_timeout_ms) == (2500, 15000)
    assert (settings.event_retry_delays, settings.interaction_retry_delays) == ((1, 5, 30, 120, 600), (1, 5))
    assert settings.claim_lease_ms == 30_000
    assert (settings.gp_host, settings.port, settings.memory_threshold_mb) == ("127.0.0.1", 8080, 512)


def test_a_dotenv_file_is_read_and_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        "\n".join(f"{name}={value}" for name, value in COMPLETE.items()) + "\nPORT=1\nGP_PREFIX=a\n"
    )
    monkeypatch.setenv("PORT", "2")
    settings = Settings.load()
    assert (settings.port, settings.gp_prefix) == (2, "a")


def test_a_variable_in_the_dotenv_file_is_not_called_missing() -> None:
    Path(".env").write_text("RABBITMQ_URL=amqp://broker/\nPORT=notaport\n")
    with pytest.raises(ConfigurationError) as caught:
        Settings.load()
    named = [fault.partition(":")[0] for fault in caught.value.faults]
    assert named == ["PORT", "REDIS_URL", "DISCORD_APPLICATION_ID"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RABBITMQ_URL", "http://gp:hunter2@broker"),
        ("RABBITMQ_URL", "amqp://gp:hunter2@broker:port/"),
        ("RABBITMQ_URL", ""),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "memcached://hunter2"),
        ("DISCORD_APPLICATION_ID", "hunter2"),
        ("DISCORD_API_URL", "discord.com/hunter2"),
        ("GP_PREFIX", "with space hunter2"),
        ("GP_TOPOLOGY", "hunter2"),
        ("GP_WIRE_FORMATS", "hunter2"),
        ("GP_WIRE_FORMATS", ","),
        ("INTERACTION_PREFETCH", "0"),
        ("EVENT_PREFETCH", "1001"),
        ("EVENT_CONCURRENCY", "hunter2"),
        ("DEFER_TIMEOUT_MS", "3000"),
        ("PROCESSING_TIMEOUT_MS", "0"),
        ("EVENT_RETRY_DELAYS", "hunter2"),
        ("EVENT_RETRY_DELAYS", ""),
        ("EVENT_RETRY_DELAYS", "5s,1s"),
        ("INTERACTION_RETRY_DELAYS", "1s,11m"),
        ("CLAIM_LEASE_MS", "999"),
        ("PORT", "65536"),
        ("LOG_LEVEL", "hunter2"),
        ("LOG_FORMAT", "hunter2"),
    ],
)
def test_a_wrong_value_is_named_and_never_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    for known, good in COMPLETE.items():
        monkeypatch.setenv(known, good)
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        Settings.load()
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [name]
    assert "hunter2" not in str(caught.value)


def test_a_worker_on_embedded_parts_needs_nothing() -> None:
    assert Settings.load(need=()).rabbitmq_url is None


def test_no_secret_shows_in_its_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DISCORD_BOT_TOKEN", "hunter2")
    settings = Settings.load()
    assert "hunter2" not in repr(settings) + str(settings)
    assert [secret.reveal() for secret in settings.secrets()] == [
        COMPLETE["RABBITMQ_URL"],
        COMPLETE["REDIS_URL"],
        "hunter2",
    ]


def test_a_ladder_is_written_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENT_RETRY_DELAYS", "2s, 1m,1h")
    monkeypatch.setenv("INTERACTION_RETRY_DELAYS", "3")
    settings = Settings.load(need=())
    assert (settings.event_retry_delays, settings.interaction_retry_delays) == ((2, 60, 3600), (3,))
