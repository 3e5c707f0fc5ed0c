"""Permission names as v1 writes them, by bit."""

from typing import Final

_NAMES: Final = (
    "CreateInstantInvite",
    "KickMembers",
    "BanMembers",
    "Administrator",
    "ManageChannels",
    "ManageGuild",
    "AddReactions",
    "ViewAuditLog",
    "PrioritySpeaker",
    "Stream",
    "ViewChannel",
    "SendMessages",
    "SendTTSMessages",
    "ManageMessages",
    "EmbedLinks",
    "AttachFiles",
    "ReadMessageHistory",
    "MentionEveryone",
    "UseExternalEmojis",
    "ViewGuildInsights",
    "Connect",
    "Speak",
    "MuteMembers",
    "DeafenMembers",
    "MoveMembers",
    "UseVAD",
    "ChangeNickname",
    "ManageNicknames",
    "ManageRoles",
    "ManageWebhooks",
    "ManageGuildExpressions",
    "UseApplicationCommands",
    "RequestToSpeak",
    "ManageEvents",
    "ManageThreads",
    "CreatePublicThreads",
    "CreatePrivateThreads",
    "UseExternalStickers",
    "SendMessagesInThreads",
    "UseEmbeddedActivities",
    "ModerateMembers",
    "ViewCreatorMonetizationAnalytics",
    "UseSoundboard",
    "CreateGuildExpressions",
    "CreateEvents",
    "UseExternalSounds",
    "SendVoiceMessages",
)
"""Bits 0 to 46 without a gap."""


def permission_names(bits: str | None) -> list[str]:
    """Return the names of the permissions in Discord's decimal bit set; unnamed bits are left out."""
    if bits is None or not (bits.isascii() and bits.isdecimal()):
        return []
    number = int(bits)
    return [name for bit, name in enumerate(_NAMES) if number >> bit & 1]
