"""A list with pages, changed in place: ``gp demo --app examples.paginated_list:router``."""

from gpcore import Button, CommandContext, ComponentContext, Embed, Router, Row, UserError

router = Router()

BEES = [f"Bee no. {number}" for number in range(1, 24)]
PER_PAGE = 5
PAGES = -(-len(BEES) // PER_PAGE)
MINUTES_OPEN = 10


@router.command("bees")
async def bees(ctx: CommandContext) -> None:
    """List all bees."""
    user_id = ctx.user.id
    # The page is kept for the user, so the next press may reach any worker.
    await ctx.sessions.create("bees", {"page": 0}, ttl=MINUTES_OPEN * 60)
    await ctx.reply(embeds=[page_embed(0)], components=[buttons(0, user_id)])


# The owner's id is in the custom id: no look-up is needed to refuse somebody else.
@router.component("bees:{owner}:{step:int}")
async def turn(ctx: ComponentContext, owner: str, step: int) -> None:
    """Show the next or the previous page."""
    if ctx.user.id != owner:
        raise UserError("This list belongs to somebody else. Use /bees to get your own.")
    # Two quick presses may run at the same time; update() lets neither of them be lost.
    session = await ctx.sessions.update("bees", lambda value: {"page": clamped(value["page"] + step)})
    if session is None:
        await ctx.update("This list was closed. Use /bees again.", embeds=[], components=[])
        return
    await ctx.update(embeds=[page_embed(session["page"])], components=[buttons(session["page"], owner)])


def clamped(page: int) -> int:
    """Return the nearest page that exists."""
    return max(0, min(page, PAGES - 1))


def page_embed(page: int) -> Embed:
    """Return one page."""
    shown = BEES[page * PER_PAGE : (page + 1) * PER_PAGE]
    return Embed(title="Bees", description="\n".join(shown), footer=f"Page {page + 1} of {PAGES}")


def buttons(page: int, owner: str) -> Row:
    """Return the buttons below a page; what leads nowhere is disabled."""
    return Row(
        Button("Back", id=turn.id(owner=owner, step=-1), disabled=page == 0),
        Button("Next", id=turn.id(owner=owner, step=1), disabled=page == PAGES - 1),
    )
