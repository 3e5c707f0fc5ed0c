"""What was chosen in a select, or given in a field of a form, as values of its kind."""

from dataclasses import dataclass, field

from gpcore.domain.entities import Attachment, Channel, Member, Mentionable, Resolved, Role, User


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values of one select or field; read them as what it offers.

    From v1 each has its id alone.

    Attributes:
        values: As Discord sends them, in its order: texts of a string select or checkbox group, ids
            of everything else.
    """

    values: tuple[str, ...] = ()
    resolved: Resolved = field(default_factory=Resolved, repr=False)

    @property
    def users(self) -> tuple[User, ...]:
        """The people of a user select; of a mentionable select, which may hold roles, read ``mentionables``."""
        return tuple(self.resolved.user(value) for value in self.values)

    @property
    def members(self) -> tuple[Member, ...]:
        """The people of a user select, as members; one who is no member has neither roles nor nickname."""
        return tuple(self.resolved.member(value) for value in self.values)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of a role select."""
        return tuple(self.resolved.role(value) for value in self.values)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels of a channel select."""
        return tuple(self.resolved.channel(value) for value in self.values)

    @property
    def mentionables(self) -> tuple[Mentionable, ...]:
        """The people and roles of a mentionable select."""
        return tuple(self.resolved.mentionable(value) for value in self.values)

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files of a file upload."""
        return tuple(self.resolved.attachment(value) for value in self.values)
