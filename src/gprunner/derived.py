"""Values that follow from the settings and the compiled handlers."""

from typing import Final, TypeVar

from gpcore.application.edge import Timing
from gpcore.application.routes import Routes
from gpcore.domain.ladders import Ladders
from gpcore.domain.request_pacing import MOST_PER_SECOND
from gpcore.domain.secrets import Secret
from gpcore.errors import ConfigurationError
from gprunner.settings import ADOPTED_PREFIX, Settings

_MS: Final = 1000
Value = TypeVar("Value")


def rabbit_url(settings: Settings) -> Secret:
    """Return the broker's address.

    Raises:
        ConfigurationError: None is set.
    """
    return Secret(_needed("RABBITMQ_URL", settings.rabbitmq_url).get_secret_value())


def redis_url(settings: Settings) -> Secret:
    """Return the state's address.

    Raises:
        ConfigurationError: None is set.
    """
    return Secret(_needed("REDIS_URL", settings.redis_url).get_secret_value())


def application_id(settings: Settings) -> str:
    """Return the application's id.

    Raises:
        ConfigurationError: None is set.
    """
    return _needed("DISCORD_APPLICATION_ID", settings.discord_application_id)


def bot_token(settings: Settings) -> Secret | None:
    """Return the bot token, if there is one."""
    token = settings.discord_bot_token
    return None if token is None else Secret(token.get_secret_value())


def lone_share(settings: Settings) -> int:
    """Return the bot's requests per second that one worker makes by itself: half of its share, and one at least."""
    return max(1, MOST_PER_SECOND // (2 * settings.gp_fleet_size))


def dispatch_names(routes: Routes) -> tuple[str, ...]:
    """Return the gateway dispatches that some handler needs, messages excepted."""
    return tuple(sorted(name for name in routes.dispatches if name != "MESSAGE_CREATE"))


def message_events(routes: Routes) -> bool:
    """Tell whether some handler processes messages."""
    return "MESSAGE_CREATE" in routes.dispatches


def adopt_main(settings: Settings) -> bool:
    """Tell whether the main queues belong to the system that gp replaces."""
    return settings.gp_prefix == ADOPTED_PREFIX


def timing(settings: Settings) -> Timing:
    """Return how patient the worker is."""
    return Timing(
        defer_timeout_ms=settings.defer_timeout_ms,
        handler_timeout=settings.processing_timeout_ms / _MS,
        ladders=ladders(settings),
    )


def ladders(settings: Settings) -> Ladders:
    """Return when failed deliveries come back."""
    return Ladders(events=settings.event_retry_delays, interactions=settings.interaction_retry_delays)


def lease_us(settings: Settings) -> int:
    """Return how long a silent worker keeps a claim, in microseconds."""
    return settings.claim_lease_ms * _MS


def _needed(variable: str, value: Value | None) -> Value:
    if value is None:
        raise ConfigurationError(f"{variable}: is not set")
    return value
