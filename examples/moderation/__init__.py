"""Reports from members, decided by moderators: ``gp demo --app examples.moderation.bot:router``.

The application needs these to work in a guild:

- the bot's permissions *View Channel*, *Send Messages* and *Embed Links* in the moderators' channel;
- the bot's permission *Manage Roles*;
- the bot's own role above the muted role, or Discord refuses the change (50013);
- ``DISCORD_BOT_TOKEN``: interactions are answered without it, but roles and channel messages need it.

Whoever has the permission *Time out members* is a moderator.
"""
