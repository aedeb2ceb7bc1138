"""A picture: what it shows, who, and what is written in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.cli.kinds import Sample
from honmono.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from honmono.engines.host import EngineHost

_MOST_BYTES = 15 << 20
_MARKS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_MOST_LABELS = 12
_MOST_LINES = 20
_LEAST = 0.3


class Picture:
    """A JPEG or PNG."""

    def recognises(self, sample: Sample) -> bool:
        """Whether it begins as one."""
        return sample.head.startswith(_MARKS)

    def show(self, sample: Sample, engines: EngineHost, screen: Console) -> None:
        """Labels, faces and lines of text."""
        from rich.markup import escape
        from rich.panel import Panel

        from honmono.cli.screen import bar

        data = sample.read(_MOST_BYTES)
        lines = [f"[bold]{say('It shows')}[/bold]  [dim]{engines.identity('image-labels')}[/dim]"]
        labels = [label for label in engines.get("image-labels").look(data).labels if label.confidence >= _LEAST]
        for label in labels[:_MOST_LABELS]:
            count = f" × {len(label.instances)}" if len(label.instances) > 1 else ""
            lines.append(f"  {bar(label.confidence, 16)} {label.confidence:.2f}  {escape(label.name)}{count}")
        if not labels:
            lines.append(f"  {say('nothing that the engine knows')}")
        faces = engines.get("faces").detect(data, ["ALL"])
        lines += ["", f"[bold]{say('Faces: {count}', count=len(faces))}[/bold]  [dim]{engines.identity('faces')}[/dim]"]
        for face in faces[:_MOST_LABELS]:
            lines.append(f"  {face.confidence:.2f}  {escape(_about(face))}")
        read = engines.get("image-text").detect(data)
        lines += ["", f"[bold]{say('Written in it')}[/bold]  [dim]{engines.identity('image-text')}[/dim]"]
        lines += [f"  {line.confidence:.2f}  {escape(line.text)}" for line in read[:_MOST_LINES]]
        if not read:
            lines.append(f"  {say('nothing')}")
        screen.print(Panel("\n".join(lines), title=sample.name, title_align="left", width=min(screen.width, 100)))


def _about(face: object) -> str:
    """What is told of a face, in a line."""
    parts = []
    age, gender, emotions = (getattr(face, name, None) for name in ("age", "gender", "emotions"))
    if age is not None:
        parts.append(say("age {low} to {high}", low=age.low, high=age.high))
    if gender is not None:
        parts.append(f"{gender.value} {gender.confidence:.2f}")
    if emotions:
        surest = max(emotions, key=lambda emotion: emotion.confidence)
        parts.append(f"{surest.kind} {surest.confidence:.2f}")
    return ", ".join(parts)
