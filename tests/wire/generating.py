"""Seeded values for any shape: the odd ones included, as far as the value's place on the wire can carry them."""

import random
import string
from datetime import UTC, datetime, timedelta

_PLAIN = string.ascii_letters + string.digits + "-_.~"
_PRINTABLE = string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~:;<>=?@[]{}()/\\"
_ODD = "é日本語😀ßµ\u00a0\u200b'\"&<>;=+%#?/\\ \t\n"
_SPAN = int(timedelta(days=365 * 60).total_seconds())
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Values:
    """A source of values. The same seed gives the same values.

    ``xml`` leaves out what XML cannot say; ``fractions`` gives moments fractions of a second; ``full`` gives every
    member, where otherwise chance leaves optional ones out.
    """

    def __init__(self, seed, *, xml=False, fractions=False, full=False, binary_floats=False, empty=True):
        self.random = random.Random(seed)
        self.xml = xml
        self.fractions = fractions
        self.full = full
        self.binary_floats = binary_floats
        self.empty = empty
        self.finite = False

    def of(self, shape, depth=0, where=None):
        """A value of a botocore shape. ``where`` is its place: None for the body, else uri, header …"""
        if getattr(shape, "is_document_type", False) and shape.is_document_type:
            return self.document() or {"key": "日本"}
        return getattr(self, shape.type_name, self.string)(shape, depth, where)

    def structure(self, shape, depth, where=None):
        found = {}
        members = list(shape.members.items())
        if shape.is_tagged_union:
            members = [self.random.choice(members)]
        for name, member in members:
            location = member.serialization.get("location")
            needed = name in shape.required_members or location == "uri" or shape.is_tagged_union
            if depth > 5 and not needed:
                continue
            if depth > 14 and member.type_name in ("structure", "list", "map"):
                continue
            if needed or (self.full and depth < 3) or self.random.random() < (0.7 if depth < 3 else 0.3):
                place = "attribute" if member.serialization.get("xmlAttribute") else location
                if member.serialization.get("hostLabel"):
                    place = "host"
                found[name] = self.of(member, depth + 1, place)
        return found

    def list(self, shape, depth, where=None):
        least = 1 if where or not self.empty else 0
        length = self.random.randint(least, 3 if depth < 4 else 1) if depth <= 14 else least
        place = f"{where} list" if where else None
        return [self.of(shape.member, depth + 1, place) for _ in range(length)]

    def map(self, shape, depth, where=None):
        least = 1 if where or not self.empty else 0
        length = self.random.randint(least, 3 if depth < 4 else 1) if depth <= 14 else least
        if where == "headers":
            return {self._token().lower(): self._header_text() for _ in range(length)}
        if where == "querystring":
            return {f"q-{self._token()}": self.of(shape.value, depth + 1, where) for _ in range(length)}
        return {self.of(shape.key, depth + 1): self.of(shape.value, depth + 1) for _ in range(length)}

    def string(self, shape, depth=0, where=None):
        if "jsonvalue" in shape.serialization and where == "header":
            return self.document() or {"key": "日本"}
        if shape.enum:
            return self.random.choice(shape.enum)
        if where == "host":
            return self._token().lower()
        if where in ("header", "header list"):
            return self._header_text()
        if where == "uri":
            return self._text(least=1).strip(".") or "x"
        return self._text(least=1 if where else 0)

    def _token(self):
        return "".join(self.random.choices(string.ascii_letters + string.digits, k=self.random.randint(1, 12)))

    def _header_text(self):
        return "".join(self.random.choices(_PRINTABLE, k=self.random.randint(1, 20)))

    def _text(self, least=0):
        length = self.random.randint(least, 20)
        text = "".join(self.random.choices(_PLAIN + _ODD, k=length))
        if not self.xml and self.random.random() < 0.1:
            text += self.random.choice(["\x00", "\x1f", "\r\n", "\ufffe", "\x7f"])
        return text

    def integer(self, shape, depth=0, where=None):
        return self.random.choice([0, 1, -1, 2**31 - 1, -(2**31), self.random.randint(-1000, 1000)])

    def long(self, shape, depth=0, where=None):
        return self.random.choice([0, 2**63 - 1, -(2**63), self.random.randint(-(2**40), 2**40)])

    def double(self, shape, depth=0, where=None):
        special = [0.0, -0.0, 1e300, 5e-324, 0.1, self.random.uniform(-1000, 1000)]
        if not self.finite:
            special += [float("inf"), float("-inf"), float("nan")]
        return self.random.choice(special)

    def float(self, shape, depth=0, where=None):
        if self.binary_floats:
            return self.random.choice([0.5, -2.25, float("inf"), float("nan"), self.random.randint(-999, 999) / 8])
        return self.double(shape)

    def boolean(self, shape, depth=0, where=None):
        return self.random.random() < 0.5

    def blob(self, shape, depth=0, where=None):
        return self.random.randbytes(self.random.choice([0, 1, 2, 3, 50]))

    def timestamp(self, shape, depth=0, where=None):
        moment = _EPOCH + timedelta(seconds=self.random.randint(0, _SPAN))
        if self.fractions and not where and shape.serialization.get("timestampFormat") != "rfc822":
            moment += timedelta(milliseconds=self.random.randint(0, 999))
        return moment

    def document(self, depth=0):
        kinds = [None, True, 3, 2.5, "text 日本", [], {}]
        if depth < 3:
            kinds += [[self.document(depth + 1)], {"key": self.document(depth + 1), "é": None}]
        return self.random.choice(kinds)


def same(left, right):
    """Equality with NaN equal to itself."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return left == right or (left != left and right != right)
    return type(left) is type(right) and left == right


def difference(left, right, path=""):
    """The first place where two values differ, for a test's message."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in [*left, *(key for key in right if key not in left)]:
            if key not in left or key not in right:
                return f"{path}.{key}: only {'left' if key in left else 'right'}: {left.get(key, right.get(key))!r}"
            if not same(left[key], right[key]):
                return difference(left[key], right[key], f"{path}.{key}")
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, pair in enumerate(zip(left, right, strict=True)):
            if not same(*pair):
                return difference(*pair, f"{path}[{index}]")
    return f"{path}: {left!r} is not {right!r}"
