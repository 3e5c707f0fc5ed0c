"""The worker's settings, from the environment and ``.env``."""

import os
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from gpcore.domain.ids import is_snowflake
from gpcore.domain.ladders import ladder_faults, rung_from
from gpcore.domain.retrying import EVENT_DELAYS, INTERACTION_DELAYS
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError

WIRE_FORMATS: Final = ("v1", "v2", "frame")
ADOPTED_PREFIX: Final = "arrakis"
"""The prefix of the system that gp replaces; its main queues are used as they are."""

EMBEDDED_APPLICATION_ID: Final = "1214497633075331073"
EMBEDDED_BOT_TOKEN: Final = Secret("of-the-stand-in-discord")
"""Opens nothing: a stand-in Discord takes any, and the real one never sees it."""

_MEANINGS: Final = {
    "RABBITMQ_URL": "where the broker is, such as amqp://user:password@host:5672/vhost",
    "REDIS_URL": "where the state is, such as redis://host:6379/0",
    "DISCORD_APPLICATION_ID": "your application's id, from Discord's developer portal",
    "DISCORD_BOT_TOKEN": "your bot's token, from Discord's developer portal",
}
ADDRESSES: Final = ("RABBITMQ_URL", "REDIS_URL", "DISCORD_APPLICATION_ID")
"""What a worker on real parts needs."""

_Port = Annotated[int, Field(ge=0, le=65535)]
_Prefetch = Annotated[int, Field(ge=1, le=1000)]
_Delays = Annotated[tuple[int, ...], NoDecode]


class Settings(BaseSettings):
    """Everything that can be set; ``gp config show`` prints it with secrets masked."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    rabbitmq_url: SecretStr | None = Field(None, description="`amqp://` or `amqps://`; required unless embedded")
    redis_url: SecretStr | None = Field(
        None,
        description="`redis://`, `rediss://`, `unix://`, or `redis+cluster://host:port,…`; required unless embedded",
    )
    discord_application_id: str | None = Field(None, description="the application's id; required unless embedded")
    discord_bot_token: SecretStr | None = Field(None, description="optional; interactions never use it")
    discord_api_url: str = Field("https://discord.com/api/v10", description="a proxy or the simulator")
    gp_prefix: str = Field("gp", pattern=r"^[A-Za-z0-9_.-]{1,60}$", description="names of exchange and queues")
    gp_state_prefix: str = Field("", max_length=60, description="before every Redis key")
    gp_egress: str = Field(
        "shared",
        pattern=r"^[A-Za-z0-9_.-]{1,60}$",
        description="names the address that this worker reaches Discord from; the same for all behind one",
    )
    gp_fleet_size: Annotated[int, Field(ge=1, le=10_000)] = Field(
        10, description="workers of this bot, to share its limits out while Redis is away"
    )
    gp_topology: Literal["verify", "apply"] = Field("verify", description="what to do with the topology at start")
    gp_wire_formats: Annotated[tuple[str, ...], NoDecode] = Field(
        WIRE_FORMATS, description="which bodies are accepted, separated by commas"
    )
    interaction_prefetch: _Prefetch = Field(100, description="unacknowledged interactions held")
    event_prefetch: _Prefetch = Field(40, description="unacknowledged events held")
    interaction_concurrency: Annotated[int, Field(ge=1, le=1000)] = Field(
        20, description="interaction handlers running; as many again that must answer at once"
    )
    event_concurrency: Annotated[int, Field(ge=1, le=1000)] = Field(20, description="event handlers running")
    event_retry_delays: _Delays = Field(EVENT_DELAYS, description="when a failed event comes back, such as `1s,30s,5m`")
    interaction_retry_delays: _Delays = Field(
        INTERACTION_DELAYS, description="when a deferred interaction that failed comes back; together at most 10m"
    )
    claim_lease_ms: Annotated[int, Field(ge=1_000, le=600_000)] = Field(
        30_000, description="how long a silent worker keeps what it had begun; 1 s before a first answer"
    )
    defer_timeout_ms: Annotated[int, Field(ge=100, le=2700)] = Field(
        2500, description="age of an interaction at which it is deferred at the latest"
    )
    processing_timeout_ms: Annotated[int, Field(ge=100, le=840_000)] = Field(
        15_000, description="a handler's time from its start"
    )
    gp_host: str = Field("127.0.0.1", description="address of the health endpoint")
    port: _Port = Field(8080, description="port of the health endpoint; 0 picks a free one and logs it")
    memory_threshold_mb: Annotated[int, Field(ge=32)] = Field(512, description="`/health` turns unhealthy above it")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="what is logged")
    log_format: Literal["json", "text"] | None = Field(
        None, description="`json`, or `text`; by default text on a terminal"
    )
    gp_traces: Literal["off", "otlp"] = Field(
        "off", description="where traces go; `otlp` needs the extra `otel` and OpenTelemetry's own variables"
    )

    @field_validator("log_level", "gp_topology", "log_format", "gp_traces", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("gp_wire_formats", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("event_retry_delays", "interaction_retry_delays", mode="before")
    @classmethod
    def _delays(cls, value: object) -> object:
        return tuple(rung_from(part.strip()) for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("event_retry_delays")
    @classmethod
    def _event_ladder(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return _usable(Lane.EVENTS, value)

    @field_validator("interaction_retry_delays")
    @classmethod
    def _interaction_ladder(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return _usable(Lane.INTERACTIONS, value)

    @field_validator("gp_wire_formats")
    @classmethod
    def _known_formats(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or not set(value) <= set(WIRE_FORMATS):
            raise ValueError(f"choose from {', '.join(WIRE_FORMATS)}")
        return value

    @field_validator("rabbitmq_url")
    @classmethod
    def _amqp(cls, value: SecretStr | None) -> SecretStr | None:
        return _with_scheme(value, "amqp", "amqps")

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr | None) -> SecretStr | None:
        return _with_scheme(value, "redis", "rediss", "unix", "redis+cluster", "rediss+cluster")

    @field_validator("discord_api_url")
    @classmethod
    def _http(cls, value: str) -> str:
        _with_scheme(SecretStr(value), "http", "https")
        if "@" in urlsplit(value).netloc:
            raise ValueError("must not hold a user name or password")
        return value.rstrip("/")

    @field_validator("discord_application_id")
    @classmethod
    def _snowflake(cls, value: str | None) -> str | None:
        if value is not None and not is_snowflake(value):
            raise ValueError("must be a Discord id of 17 to 20 digits")
        return value

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then ``.env``."""
        return init_settings, env_settings, dotenv_settings

    @classmethod
    def load(cls, *, need: Collection[str] = ADDRESSES, **changes: Any) -> Self:  # noqa: ANN401 - any setting's value
        """Read and check everything.

        Args:
            need: Which of the addresses must be set; none of them for an embedded worker.
            **changes: Settings that take precedence, by field name.

        Raises:
            ConfigurationError: Every fault at once, each naming its variable and never its value.
        """
        try:
            settings = cls(**{name: value for name, value in changes.items() if value is not None})
        except ValidationError as error:
            faults = [_fault(details) for details in error.errors(include_url=False, include_input=False)]
            raise ConfigurationError(faults + _missing(changes, need)) from None
        missing = [_missing_text(name) for name in need if getattr(settings, name.lower()) is None]
        if missing:
            raise ConfigurationError(missing)
        return settings

    def secrets(self) -> tuple[Secret, ...]:
        """Return every value that must not be shown anywhere."""
        held = (self.rabbitmq_url, self.redis_url, self.discord_bot_token)
        return tuple(Secret(value.get_secret_value()) for value in held if value is not None)


def _usable(lane: Lane, delays: tuple[int, ...]) -> tuple[int, ...]:
    faults = ladder_faults(lane, delays)
    if faults:
        raise ValueError("; ".join(faults))
    return delays


def _with_scheme(value: SecretStr | None, *schemes: str) -> SecretStr | None:
    if value is None:
        return None
    text = value.get_secret_value()
    try:
        # Only a cluster's URL names several hosts.
        parts = urlsplit(text.partition(",")[0] if "+cluster" in text else text)
        usable = parts.scheme in schemes and bool(parts.hostname or (parts.scheme == "unix" and parts.path))
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"must be a URL that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value


def _fault(details: Mapping[str, Any]) -> str:
    variable = ".".join(str(part) for part in details["loc"]).upper()
    return f"{variable}: {str(details['msg']).removeprefix('Value error, ')}"


def _missing(changes: Mapping[str, object], need: Collection[str]) -> list[str]:
    """Name the needed variables that are not there at all, beside those that are wrong."""
    given = {name.upper() for source in (os.environ, dotenv_values(".env"), changes) for name in source}
    return [_missing_text(name) for name in need if name not in given]


def _missing_text(name: str) -> str:
    return f"{name}: is not set; give {_MEANINGS[name]}"
