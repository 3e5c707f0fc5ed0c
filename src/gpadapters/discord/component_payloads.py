"""Components and modals as Discord's JSON."""

import re
from typing import Final

from gpcore.domain.components import (
    Button,
    Component,
    Container,
    Modal,
    ModalField,
    Raw,
    Row,
    RowChild,
    Select,
    SelectOption,
    TextDisplay,
    TextInput,
)
from gpcore.domain.form_fields import Checkbox, CheckboxGroup, FileUpload, RadioGroup
from gpcore.domain.modals import Label, LabelChild

Payload = dict[str, object]

_ROW: Final = 1
_BUTTON: Final = 2
_TEXT_INPUT: Final = 4
_TEXT_DISPLAY: Final = 10
_CONTAINER: Final = 17
_LABEL: Final = 18
_FILE_UPLOAD: Final = 19
_RADIO_GROUP: Final = 21
_CHECKBOX_GROUP: Final = 22
_CHECKBOX: Final = 23
_SELECTS: Final = {"string": 3, "user": 5, "role": 6, "mentionable": 7, "channel": 8}
_BUTTON_STYLES: Final = {"primary": 1, "secondary": 2, "success": 3, "danger": 4, "link": 5}
_TEXT_STYLES: Final = {"short": 1, "paragraph": 2}
_CUSTOM_EMOJI: Final = re.compile(r"<(a?):([A-Za-z0-9_~]{1,32}):([0-9]{1,20})>")


def given(**members: object) -> Payload:
    """Return an object without the members that are ``None``."""
    return {name: value for name, value in members.items() if value is not None}


def component(part: Component | RowChild) -> Payload:
    """Return one component of a message."""
    match part:
        case Raw():
            return dict(part.data)
        case Row():
            return {"type": _ROW, "components": [component(child) for child in part.components]}
        case Container():
            return _container(part)
        case TextDisplay():
            return {"type": _TEXT_DISPLAY, "content": part.content}
        case Select():
            return _select(part)
        case Button():
            return _button(part)


def modal(form: Modal) -> Payload:
    """Return the data of a modal callback."""
    return {"title": form.title, "custom_id": form.id, "components": [_modal_field(field) for field in form.fields]}


def _container(container: Container) -> Payload:
    payload = given(
        type=_CONTAINER,
        components=[component(child) for child in container.components],
        accent_color=container.accent_color,
    )
    return payload | {"spoiler": True} if container.spoiler else payload


def _button(button: Button) -> Payload:
    return given(
        type=_BUTTON,
        style=_BUTTON_STYLES[button.style],
        label=button.label,
        custom_id=button.id,
        url=button.url,
        emoji=_emoji(button.emoji),
        disabled=button.disabled or None,
    )


def _select(select: Select) -> Payload:
    return given(
        type=_SELECTS[select.kind],
        custom_id=select.id,
        options=[_option(line) for line in select.lines] or None,
        placeholder=select.placeholder,
        min_values=select.min_values,
        max_values=select.max_values,
        channel_types=list(select.channel_types) or None,
        disabled=select.disabled or None,
        required=select.required,
    )


def _option(line: SelectOption) -> Payload:
    return given(
        label=line.label,
        value=line.value,
        description=line.description,
        emoji=_emoji(line.emoji),
        default=line.default or None,
    )


def _emoji(text: str | None) -> Payload | None:
    if text is None:
        return None
    custom = _CUSTOM_EMOJI.fullmatch(text)
    if custom is None:
        return {"name": text}
    return {"id": custom[3], "name": custom[2], "animated": bool(custom[1])}


def _modal_field(field: ModalField) -> Payload:
    match field:
        case Raw():
            return dict(field.data)
        case TextDisplay():
            return component(field)
        case Label():
            return given(
                type=_LABEL, label=field.label, description=field.description, component=_control(field.component)
            )
        case TextInput():
            return given(type=_LABEL, label=field.label, description=field.description, component=_text_input(field))


def _control(control: LabelChild) -> Payload:
    match control:
        case TextInput():
            return _text_input(control)
        case FileUpload():
            return given(
                type=_FILE_UPLOAD,
                custom_id=control.id,
                min_values=control.min_values,
                max_values=control.max_values,
                required=control.required,
            )
        case RadioGroup():
            lines = [_option(line) for line in control.lines]
            return given(type=_RADIO_GROUP, custom_id=control.id, options=lines, required=control.required)
        case CheckboxGroup():
            return given(
                type=_CHECKBOX_GROUP,
                custom_id=control.id,
                options=[_option(line) for line in control.lines],
                min_values=control.min_values,
                max_values=control.max_values,
                required=control.required,
            )
        case Checkbox():
            return given(type=_CHECKBOX, custom_id=control.id, default=control.default or None)
        case _:
            return component(control)


def _text_input(field: TextInput) -> Payload:
    return given(
        type=_TEXT_INPUT,
        custom_id=field.id,
        style=_TEXT_STYLES[field.style],
        placeholder=field.placeholder,
        min_length=field.min_length,
        max_length=field.max_length,
        required=field.required,
        value=field.value,
    )
