"""DetectLabels: what a picture shows, and how it is made.

Source: "Detecting objects and concepts" in the Amazon Rekognition Developer Guide, and the API reference's DetectLabels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from honmono.services.rekognition.images import image_bytes, looked_at
from honmono.services.rekognition.part import Answer, Part, Request, box_answer, invalid

if TYPE_CHECKING:
    from honmono.engines.vision.labels.answers import Colour, Label, Quality
    from honmono.engines.vision.labels.answers import Part as PicturePart
    from honmono.wire.service import Context

MODEL_VERSION = "3.0"
"""Of the labels' taxonomy, as AWS counts: the one with categories and aliases."""
MOST_LABELS = 1000
LEAST_CONFIDENCE = 55.0
COLOURS = 10


class Labels(Part):
    """Labels of pictures."""

    def detect_labels(self, request: Request, ctx: Context) -> Answer:
        """Labels with parents, categories, aliases and instances; with IMAGE_PROPERTIES quality and colours."""
        features = request.get("Features") or ["GENERAL_LABELS"]
        asked = Asked.of(request, features)
        image = image_bytes(request["Image"], ctx)
        ctx.engine = self.engines.identity("image-labels")
        with looked_at():
            seen = self.engines.get("image-labels").look(
                image, "GENERAL_LABELS" in features, "IMAGE_PROPERTIES" in features, asked.colours
            )
        answer: Answer = {"LabelModelVersion": MODEL_VERSION}
        if "GENERAL_LABELS" in features:
            answer["Labels"] = [label_answer(label, asked.confidence) for label in asked.chosen(seen.labels)]
        if seen.properties is not None:
            whole, front, back = seen.properties.whole, seen.properties.foreground, seen.properties.background
            answer["ImageProperties"] = {
                **part_answer(whole),
                "Foreground": part_answer(front),
                "Background": part_answer(back),
            }
        return answer


@dataclass(frozen=True, slots=True)
class Filters:
    """Which labels are wanted. An exclusion is stronger than an inclusion; a label is included that any of the inclusion
    filters names, by itself or by its category."""

    included: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    included_categories: frozenset[str] = frozenset()
    excluded_categories: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: dict[str, Any]) -> Filters:
        """From GeneralLabels.

        Raises ServiceError InvalidParameterException where a filter is both included and excluded.
        """
        filters = cls(
            frozenset(settings.get("LabelInclusionFilters", ())),
            frozenset(settings.get("LabelExclusionFilters", ())),
            frozenset(settings.get("LabelCategoryInclusionFilters", ())),
            frozenset(settings.get("LabelCategoryExclusionFilters", ())),
        )
        both = (filters.included & filters.excluded) | (filters.included_categories & filters.excluded_categories)
        if both:
            raise invalid(f"Request has invalid parameters: {', '.join(sorted(both))} is both included and excluded.")
        return filters

    def wants(self, label: Label) -> bool:
        """Whether a label passes."""
        categories = frozenset(label.categories)
        if label.name in self.excluded or categories & self.excluded_categories:
            return False
        if not self.included and not self.included_categories:
            return True
        return label.name in self.included or bool(categories & self.included_categories)


@dataclass(frozen=True, slots=True)
class Asked:
    """The optional parameters of a request."""

    confidence: float
    most: int
    filters: Filters
    colours: int

    @classmethod
    def of(cls, request: Request, features: list[str]) -> Asked:
        """Raises ServiceError InvalidParameterException for parameters of a feature that is not asked for."""
        settings = request.get("Settings", {})
        labels = "GENERAL_LABELS" in features
        given: list[str] = [name for name in ("MaxLabels", "MinConfidence") if name in request]
        given += ["Settings.GeneralLabels"] if "GeneralLabels" in settings else []
        if given and not labels:
            raise invalid(f"Request has invalid parameters: {given[0]} needs the feature GENERAL_LABELS.")
        if "ImageProperties" in settings and "IMAGE_PROPERTIES" not in features:
            raise invalid(
                "Request has invalid parameters: Settings.ImageProperties needs the feature IMAGE_PROPERTIES."
            )
        return cls(
            request.get("MinConfidence", LEAST_CONFIDENCE),
            min(request.get("MaxLabels", MOST_LABELS), MOST_LABELS),
            Filters.of(settings.get("GeneralLabels", {})),
            settings.get("ImageProperties", {}).get("MaxDominantColors", COLOURS),
        )

    def chosen(self, labels: Iterable[Label]) -> list[Label]:
        """The labels to answer, surest first."""
        sure = [label for label in labels if 100 * label.confidence >= self.confidence and self.filters.wants(label)]
        return sure[: self.most]


def label_answer(label: Label, least: float) -> Answer:
    """A Label; instances from that confidence on, 0 to 100."""
    return {
        "Name": label.name,
        "Confidence": 100 * label.confidence,
        "Instances": [
            {"BoundingBox": box_answer(instance.box), "Confidence": 100 * instance.confidence}
            for instance in label.instances
            if 100 * instance.confidence >= least
        ],
        "Parents": [{"Name": name} for name in label.parents],
        "Aliases": [{"Name": name} for name in label.aliases],
        "Categories": [{"Name": name} for name in label.categories],
    }


def part_answer(part: PicturePart) -> Answer:
    """Quality and DominantColors of a part of a picture."""
    colours: Answer = {"DominantColors": [colour_answer(colour) for colour in part.colours]}
    return colours if part.quality is None else {"Quality": quality_answer(part.quality), **colours}


def quality_answer(quality: Quality) -> Answer:
    """A DetectLabelsImageQuality."""
    return {"Brightness": quality.brightness, "Sharpness": quality.sharpness, "Contrast": quality.contrast}


def colour_answer(colour: Colour) -> Answer:
    """A DominantColor."""
    return {
        "Red": colour.red,
        "Green": colour.green,
        "Blue": colour.blue,
        "HexCode": f"#{colour.red:02x}{colour.green:02x}{colour.blue:02x}",
        "CSSColor": colour.css,
        "SimplifiedColor": colour.simple,
        "PixelPercent": 100 * colour.share,
    }
