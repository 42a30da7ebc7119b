"""Text of every class that could act on a terminal or break a layout, one sample a class."""

from __future__ import annotations

HOSTILE = {
    "escape": "\x1b[2J\x1b[31mred",
    "osc": "\x1b]52;c;aGk=\x07",
    "title": "\x1b]0;title\x07",
    "csi-8bit": "\x9b2J",
    "osc-8bit": "\x9d0;t\x9c",
    "bell": "\x07\x08",
    "nul": "a\x00b",
    "delete": "\x7f",
    "return": "a\rb",
    "shift-out": "\x0e\x0f",
    "bidi": "\u202eevil\u202c \u2066x\u2069",
    "marks": "\u200e\u200f\u061c",
    "separators": "a\u2028b\u2029c",
    "invisible": "\u200b\ufeff\u00ad\u180e\ufff9\U000e0041",
    "surrogate": "\ud800x",
    "markup": "[/x] [red]x[/red] [@click=app.quit]x[/] [$x]",
    "wide": "对象存储 ０",
}
EVERYTHING = " ".join(HOSTILE.values())
CONTROLS = set("\x00\x07\x08\x0e\x0f\x1b\x7f\r\x9b\x9c\x9d\u202e\u202c\u2066\u2069\u200e\u200f\u061c\u2028\u2029"
               "\u200b\ufeff\u00ad\u180e\ufff9\U000e0041\ud800")  # fmt: skip


def shows_no_control(text: str) -> bool:
    """Whether none of the samples' own controls is left."""
    return not CONTROLS & set(text)
