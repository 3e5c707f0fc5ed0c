"""Pressing buttons, choosing in menus and sending forms, as far as Discord's client allows it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from gpcore.domain.entities import Attachment, Channel, Member, Role, User
from gpcore.domain.interactions import InteractionKind
from gprunner import controls
from gprunner.controls import Control, filled
from gprunner.testing.errors import KitError, near
from gprunner.testing.raw_options import Entity, ResolvedObjects
from gprunner.testing.scene import Scene
from gprunner.testing.sending import Deed, Sender, stranger
from gprunner.testing.stories import Posted

Raw = dict[str, Any]
Chosen = str | Entity
Answer = str | bool | Chosen | Sequence[Chosen] | None
"""What is filled into a field: text, a checkbox, or one or several values, entities for menus of them."""
Filled = str | bool | list[str] | None
"""The same as Discord sends it."""

_KIND_OF: Final[Mapping[type, int]] = {
    User: controls.USER_SELECT,
    Member: controls.USER_SELECT,
    Role: controls.ROLE_SELECT,
    Channel: controls.CHANNEL_SELECT,
    Attachment: controls.FILE_UPLOAD,
}


def press(scene: Scene, control: Control, source: Posted | None, sender: Sender) -> Deed:
    """Return the press of a button."""
    _check_usable(scene, control, source)
    data = {"custom_id": control.custom_id, "component_type": controls.BUTTON, "id": 2}
    return _component(scene, f"button {control.label or control.custom_id!r}", data, source, sender)


def choose(scene: Scene, control: Control, values: Sequence[Chosen], source: Posted | None, sender: Sender) -> Deed:
    """Return a choice in a select."""
    _check_usable(scene, control, source)
    resolved = ResolvedObjects(scene.guild_id)
    ids = _ids(values, resolved)
    _check_choice(control, ids)
    data: Raw = {"custom_id": control.custom_id, "component_type": control.type, "id": 2, "values": ids}
    return _component(scene, f"select {control.custom_id!r}", data | _resolved(resolved), source, sender)


def send_form(form: Raw, answers: Mapping[str, Answer], scene: Scene, source: Posted | None) -> Deed:
    """Return a sent form: ``form`` is the opened one as gp sent it."""
    fields = {field.custom_id: field for field in controls.controls_of(form)}
    for name in answers:
        if name not in fields:
            raise KitError(f"the form has no field {name!r}: {near(name, filter(None, fields))}")
    resolved = ResolvedObjects(scene.guild_id)
    given = {name: _answer(fields[name], answer, resolved) for name, answer in answers.items()}
    for one in fields.values():
        _check_answer(one, given.get(one.custom_id or "", one.preset))
    return _form(form["custom_id"], filled(form, given), resolved, source)


def send_strange_form(custom_id: str, answers: Mapping[str, Answer], scene: Scene) -> Deed:
    """Return a sent form that nobody has seen being opened; the fields' types follow from the answers."""
    resolved = ResolvedObjects(scene.guild_id)
    fields = [
        Control(custom_id=name, type=_type_of(answer), least=0, most=25, required=False)
        for name, answer in answers.items()
    ]
    given = {name: _answer(field, answers[name], resolved) for field in fields if (name := field.custom_id)}
    form = {"components": [{"type": field.type, "custom_id": field.custom_id} for field in fields]}
    labels = [{"type": controls.LABEL, "component": part} for part in filled(form, given)]
    return _form(custom_id, labels, resolved, None)


def kind_for(values: Iterable[Chosen]) -> int:
    """Return the type of a select that these could have been chosen in."""
    return next((_KIND_OF[type(value)] for value in values if type(value) in _KIND_OF), controls.STRING_SELECT)


def _component(scene: Scene, what: str, data: Raw, source: Posted | None, sender: Sender) -> Deed:
    strange = None
    if source is None:
        strange = stranger(
            data["custom_id"],
            data["component_type"],
            message_id=sender.stage.new_id(),
            channel_id=scene.channel.id,
        )
    return Deed(what=what, kind=InteractionKind.COMPONENT, data=data, source=source, strange=strange)


def _form(custom_id: str, components: list[Raw], resolved: ResolvedObjects, source: Posted | None) -> Deed:
    data = {"custom_id": custom_id, "components": components} | _resolved(resolved)
    return Deed(what=f"form {custom_id!r}", kind=InteractionKind.MODAL, data=data, source=source)


def _resolved(resolved: ResolvedObjects) -> Raw:
    return {"resolved": resolved.raw} if resolved.raw else {}


def _check_usable(scene: Scene, control: Control, source: Posted | None) -> None:
    name = control.label or control.custom_id
    if control.custom_id is None:
        raise KitError(f"{name!r} opens a link; the bot does not hear of it")
    if control.disabled:
        raise KitError(f"{name!r} is disabled, so nobody can use it")
    if source is not None and source.only_for not in (None, scene.user.id):
        raise KitError(f"the message with {name!r} is ephemeral: only {source.only_for} can use it")


def _ids(values: Sequence[Chosen], resolved: ResolvedObjects) -> list[str]:
    return [value if isinstance(value, str) else resolved.add(value) for value in values]


def _check_choice(control: Control, ids: list[str]) -> None:
    unknown = [value for value in ids if control.offers and value not in control.offers]
    if unknown:
        raise KitError(f"{control.custom_id!r} does not offer {unknown[0]!r}: {near(unknown[0], control.offers)}")
    if not control.least <= len(ids) <= control.most:
        raise KitError(f"{control.custom_id!r} takes {control.least} to {control.most} values, not {len(ids)}")


def _answer(field: Control, answer: Answer, resolved: ResolvedObjects) -> Filled:
    if answer is None:
        return None
    if field.type == controls.CHECKBOX:
        if not isinstance(answer, bool):
            raise KitError(f"{field.custom_id!r} is a checkbox: give True or False")
        return answer
    if isinstance(answer, bool):
        raise KitError(f"{field.custom_id!r} is no checkbox: give a text or values")
    if field.takes_one:
        if not isinstance(answer, str):
            raise KitError(f"{field.custom_id!r} takes one text")
        return answer
    return _ids([answer] if isinstance(answer, str) or not isinstance(answer, Sequence) else answer, resolved)


def _check_answer(field: Control, answer: Filled) -> None:
    name = field.custom_id
    if field.required and answer in (None, "", []):
        raise KitError(f"the form's field {name!r} is required: nobody can send the form without it")
    if isinstance(answer, str) and field.is_text and answer and not field.least <= len(answer) <= field.most:
        raise KitError(f"the form's field {name!r} takes {field.least} to {field.most} characters, not {len(answer)}")
    if isinstance(answer, list) and answer:
        _check_choice(field, answer)
    if isinstance(answer, str) and answer and field.offers:
        _check_choice(field, [answer])


def _type_of(answer: Answer) -> int:
    if isinstance(answer, bool):
        return controls.CHECKBOX
    if isinstance(answer, str) or answer is None:
        return controls.TEXT_INPUT
    return kind_for(answer if isinstance(answer, Sequence) else [answer])
