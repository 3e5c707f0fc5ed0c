"""Write handlers for a Discord bot whose gateway events come through a message broker.

Everything that handlers need is here; ports, domain and use cases live in the subpackages.
"""

from gpcore.application.context import (
    AutocompleteContext,
    Bot,
    CommandContext,
    ComponentContext,
    InteractionContext,
    MessageContext,
    ModalContext,
)
from gpcore.application.event_context import AnyContext, EventContext
from gpcore.application.injection import Inject
from gpcore.application.limiter import Limiter
from gpcore.application.middleware import CallNext, Middleware
from gpcore.application.routing import Router
from gpcore.application.texts import Texts
from gpcore.domain.buttons import Button
from gpcore.domain.chosen import Chosen
from gpcore.domain.command_details import Localization
from gpcore.domain.components import Component, Container, Row
from gpcore.domain.defer import Defer
from gpcore.domain.embeds import Embed, EmbedField
from gpcore.domain.entities import Attachment, Channel, Member, Mentionable, Role, User
from gpcore.domain.events import (
    Dispatch,
    GuildAvailable,
    GuildJoin,
    GuildLeave,
    GuildOutage,
    MemberJoin,
    MemberLeave,
    MemberUpdate,
    MessageCreate,
)
from gpcore.domain.files import File
from gpcore.domain.form_fields import Checkbox, CheckboxGroup, FileUpload, RadioGroup
from gpcore.domain.interactions import Interaction, InteractionKind, SubmittedField
from gpcore.domain.limit_rules import Decision
from gpcore.domain.limits import Cooldown, Gcra, SlidingWindow, WindowCounter
from gpcore.domain.messages import AllowedMentions, Choice, OutgoingMessage, SentMessage
from gpcore.domain.modals import Label, Modal, ModalField, TextInput
from gpcore.domain.option_problems import OptionProblems
from gpcore.domain.options import Option
from gpcore.domain.permissions import Permission
from gpcore.domain.raw_component import Raw
from gpcore.domain.refusals import Refusal
from gpcore.domain.selects import Select, SelectOption
from gpcore.domain.text_displays import TextDisplay
from gpcore.errors import (
    ConfigurationError,
    DeadlineMissedError,
    GpError,
    HandlerTimeoutError,
    LifespanError,
    NotCarriedError,
    OptionError,
    Reject,
    ReplyStateError,
    ReplyTooLargeError,
    RetryLater,
    RoutingError,
    SessionConflictError,
    UserError,
)

__all__ = [
    "AllowedMentions",
    "AnyContext",
    "Attachment",
    "AutocompleteContext",
    "Bot",
    "Button",
    "CallNext",
    "Channel",
    "Checkbox",
    "CheckboxGroup",
    "Choice",
    "Chosen",
    "CommandContext",
    "Component",
    "ComponentContext",
    "ConfigurationError",
    "Container",
    "Cooldown",
    "DeadlineMissedError",
    "Decision",
    "Defer",
    "Dispatch",
    "Embed",
    "EmbedField",
    "EventContext",
    "File",
    "FileUpload",
    "Gcra",
    "GpError",
    "GuildAvailable",
    "GuildJoin",
    "GuildLeave",
    "GuildOutage",
    "HandlerTimeoutError",
    "Inject",
    "Interaction",
    "InteractionContext",
    "InteractionKind",
    "Label",
    "LifespanError",
    "Limiter",
    "Localization",
    "Member",
    "MemberJoin",
    "MemberLeave",
    "MemberUpdate",
    "Mentionable",
    "MessageContext",
    "MessageCreate",
    "Middleware",
    "Modal",
    "ModalContext",
    "ModalField",
    "NotCarriedError",
    "Option",
    "OptionError",
    "OptionProblems",
    "OutgoingMessage",
    "Permission",
    "RadioGroup",
    "Raw",
    "Refusal",
    "Reject",
    "ReplyStateError",
    "ReplyTooLargeError",
    "RetryLater",
    "Role",
    "Router",
    "RoutingError",
    "Row",
    "Select",
    "SelectOption",
    "SentMessage",
    "SessionConflictError",
    "SlidingWindow",
    "SubmittedField",
    "TextDisplay",
    "TextInput",
    "Texts",
    "User",
    "UserError",
    "WindowCounter",
]
