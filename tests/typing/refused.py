"""What must not be written: each line with an ignore is an error of exactly that kind."""

from dataclasses import dataclass

from gpcore import (
    Button,
    Checkbox,
    CommandContext,
    Cooldown,
    Defer,
    EventContext,
    Label,
    MemberJoin,
    MemberLeave,
    Modal,
    OptionProblems,
    Permission,
    RadioGroup,
    Router,
    Row,
    TextDisplay,
    Texts,
)


@dataclass
class Wizard:
    """A session."""

    step: int = 1


router = Router()


@router.command("work")  # type: ignore[type-var]
def not_async(ctx: CommandContext) -> None: ...


@router.use  # type: ignore[type-var]
async def takes_no_call_next(ctx: CommandContext) -> None: ...


@router.refused  # type: ignore[type-var]
def not_async_either(ctx: CommandContext, refusal: object) -> None: ...


router.command("work", cooldwon=Cooldown(1))  # type: ignore[call-arg]
router.command("work", timeout="soon")  # type: ignore[arg-type]
router.command("work", if_limits_down="open")  # type: ignore[arg-type]
router.command("work", contexts=["dm"])  # type: ignore[list-item]
router.component("press", permissions=Permission.BAN_MEMBERS)  # type: ignore[call-arg]
router.event("member.join", defer=Defer.never())  # type: ignore[call-arg]
router.event("member.join", if_state_down="stop")  # type: ignore[arg-type]
router.autocomplete("work", "thing", cooldown=Cooldown(1))  # type: ignore[call-arg]
router.group("work", cooldown=Cooldown(1))  # type: ignore[call-arg]
router.error("KeyError")  # type: ignore[arg-type]
router.error(KeyboardInterrupt)  # type: ignore[arg-type]
router.include(router, "prefix")  # type: ignore[call-arg]
Router(texts={"de": "Fertig."})  # type: ignore[dict-item]
Texts("Fertig.")  # type: ignore[call-arg]
Texts(problems="falsch")  # type: ignore[arg-type]
OptionProblems(misssing="fehlt")  # type: ignore[call-arg]
Row(TextDisplay("words"))  # type: ignore[arg-type]
Label("Go", Button("Go", id="go"))  # type: ignore[arg-type]
Modal("Form", id="form", fields=[Checkbox("sure")])  # type: ignore[list-item]
RadioGroup("size")  # type: ignore[call-arg]


async def wrong_uses_of_contexts(
    command: CommandContext,
    event: EventContext[MemberJoin],
    unmodelled: EventContext[str],  # type: ignore[type-var]
) -> None:
    await command.update("done")  # type: ignore[attr-defined]
    await command.reply(components=[Button("Go", id="go")])  # type: ignore[list-item]
    _ = command.chosen  # type: ignore[attr-defined]
    await command.suggest([])  # type: ignore[attr-defined]
    await event.reply("done")  # type: ignore[attr-defined]
    _ = event.event.content  # type: ignore[attr-defined]
    left: EventContext[MemberLeave] = event  # type: ignore[assignment]
    _ = left


async def wrong_uses_of_sessions(ctx: CommandContext) -> None:
    await ctx.sessions.create("kind", {"step": 1})  # type: ignore[call-overload]
    await ctx.sessions.update(Wizard, lambda wizard: wizard.step)  # type: ignore[return-value, arg-type]
    _ = (await ctx.sessions.get(Wizard)).step  # type: ignore[union-attr]
    await ctx.sessions.get(Wizard())  # type: ignore[call-overload]
