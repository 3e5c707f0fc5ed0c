"""Every error that gp raises, as one tree.

::

    GpError
    ├── ConfigurationError          at start; lists every fault at once; exit code 2
    ├── DecodeError(reason)         a body nobody can process: dead-lettered, never retried
    │   └── IgnoredBodyError        a body known to be useless: acknowledged and counted
    ├── RoutingError                a duplicate or unusable handler, at registration
    ├── LifespanError               something that a bot opens at start did not open
    ├── DeadlineMissedError         the 3 s window or the token's 15 min are over
    ├── ReplyStateError             Discord would refuse this reply in this state
    ├── ReplyTooLargeError          a message value breaks one of Discord's limits
    ├── OptionError                 an option's value does not fit the handler's signature
    ├── NotCarriedError             the wire format did not say what a handler asks for
    ├── SessionConflictError        a session kept changing under an update
    ├── HandlerTimeoutError         a handler ran longer than its time
    ├── UserError(message)          raised by handlers: tell the user
    ├── RetryLater(after)           raised by handlers: run again later
    ├── Reject(reason)              raised by handlers: dead-letter the delivery
    └── PortError                   the only family that adapters raise
        ├── PortUnavailableError    transient
        │   └── PortTimeoutError    no answer in time; the effect may have happened
        ├── PortThrottledError      come back after ``retry_after`` seconds
        └── PortRejectedError       permanent, with the peer's ``code``
            ├── InteractionExpiredError   Discord 10062, 10015, 50027
            └── AlreadyAcknowledgedError  Discord 40060
"""

from collections.abc import Sequence


class GpError(Exception):
    """Root of every error raised by gp."""


class ConfigurationError(GpError):
    """The program cannot start as it is configured.

    Attributes:
        faults: Every fault found, each a sentence that says what to do.
    """

    def __init__(self, faults: Sequence[str] | str) -> None:
        self.faults: tuple[str, ...] = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class DecodeError(GpError):
    """A delivery's body or properties cannot be processed.

    Attributes:
        reason: A short word such as ``not_json`` or ``missing_field:eventId``; it becomes the
            ``gp-reason`` header of the dead letter and never contains any part of the body.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class IgnoredBodyError(DecodeError):
    """A well-formed body that is known to be useless, so it is acknowledged and counted."""


class RoutingError(GpError):
    """A handler cannot be registered; the message names its file and line."""


class LifespanError(GpError):
    """A bot's lifespan did not start, so the worker does not either; the message names its file and line."""


class DeadlineMissedError(GpError):
    """An answer was asked for after Discord had stopped to accept one."""


class ReplyStateError(GpError):
    """Discord would refuse this reply in the interaction's present state."""


class ReplyTooLargeError(GpError):
    """A message value breaks a limit of Discord's message format."""


class OptionError(GpError):
    """An option's value does not fit what the handler declared.

    Attributes:
        option: The option's name as declared.
        problem: What is wrong with the value, in words for the user.
        rule: For what gp itself finds: the field of ``OptionProblems`` that says it in other languages. Of any
            other word, ``problem`` is shown.
        bound: The declared bound that the value is beyond, if it is that.
    """

    def __init__(self, option: str, problem: str, *, rule: str | None = None, bound: float | None = None) -> None:
        self.option = option
        self.problem = problem
        self.rule = rule
        self.bound = bound
        super().__init__(f"{option}: {problem}")


class NotCarriedError(GpError):
    """A handler asks for something that the publisher's wire format did not carry."""


class SessionConflictError(GpError):
    """A session changed under every attempt to update it; nothing was written."""


class HandlerTimeoutError(GpError):
    """A handler ran longer than its ``timeout``; it was cancelled."""


class UserError(GpError):
    """Raised by a handler to tell the user something; the interaction counts as handled.

    Attributes:
        message: Shown to the user, ephemeral where Discord still allows it. Instead of blanks, or of more
            than a message holds, ``Texts.failed`` is.
    """

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class RetryLater(GpError):  # noqa: N818 - an instruction of the handler, named as handlers read it
    """Raised by a handler to be run again.

    Events go back through the retry ladder; an interaction only after its defer and within the
    life of its token.

    Attributes:
        after: Seconds to wait at least, or ``None`` for the ladder's next delay.
    """

    def __init__(self, after: float | None = None) -> None:
        self.after = after
        super().__init__("retry later" if after is None else f"retry after {after:g} s")


class Reject(GpError):  # noqa: N818 - an instruction of the handler, named as handlers read it
    """Raised by a handler to dead-letter the delivery at once.

    Attributes:
        reason: A short word for the ``gp-reason`` header; no personal data.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class PortError(GpError):
    """Something outside the core did not do what was asked of it."""


class PortUnavailableError(PortError):
    """The peer cannot be reached or does not work now; trying again later may help."""


class PortTimeoutError(PortUnavailableError):
    """The peer did not answer in time; whether the effect happened is unknown."""


class PortThrottledError(PortError):
    """The peer asks to come back later; nothing was done.

    Attributes:
        retry_after: Seconds to wait before the same call may succeed.
    """

    def __init__(self, message: str, *, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class PortRejectedError(PortError):
    """The peer understood and refused; the same call will be refused again.

    Attributes:
        code: The peer's own code (Discord's JSON error code, an AMQP reply code), 0 if none.
    """

    def __init__(self, message: str, *, code: int = 0) -> None:
        self.code = code
        super().__init__(message)


class InteractionExpiredError(PortRejectedError):
    """Discord no longer knows the interaction or its token (10062, 10015, 50027)."""


class AlreadyAcknowledgedError(PortRejectedError):
    """Discord already has a first answer for this interaction (40060)."""
