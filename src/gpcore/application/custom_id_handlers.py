"""Component and modal handlers that build their own custom ids."""

import functools
from typing import Any, Final

from gpcore.application.handlers import Function
from gpcore.domain.custom_ids import CustomIdTemplate


class CustomIdHandler:
    """A decorated component or modal handler: still callable, and it makes custom ids that reach it.

    Attributes:
        function: What was decorated.
    """

    def __init__(self, function: Function, template: str) -> None:
        self.function: Final = function
        self._template: Final = template
        functools.update_wrapper(self, function)

    async def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passes the handler's own through
        """Run the handler."""
        return await self.function(*args, **kwargs)

    def id(self, **parameters: object) -> str:
        """Return the custom id that reaches this handler with these parameters.

        Raises:
            RoutingError: The template is malformed.
            ValueError: A parameter is missing, unknown, of the wrong type, makes the id longer
                than 100 characters, or would read back differently.
        """
        return CustomIdTemplate.parse(self._template).build(parameters)


def undecorated(function: Function) -> Function:
    """Return what a bot wrote: below another decorator it may be a handler of custom ids already."""
    return function.function if isinstance(function, CustomIdHandler) else function
