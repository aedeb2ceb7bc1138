"""What an engine is: a class with typed methods that computes answers and knows no AWS.

    class SentimentEngine(Engine):
        name = "e5-sentiment"
        version = "1.0"
        licence = "Apache-2.0 (code), MIT (weights)"
        weights = ("net",)
        languages = ("en", "ja")
        quality = "SST-2 dev, positive against negative: .87"
        cost = Cost(memory_bytes=400 << 20)

        def load(self) -> None:
            import onnxruntime                     # heavy imports here, never at the top of the module

            self._session = onnxruntime.InferenceSession(self.cache.path("net", "net.onnx"))

        @batched(max_size=16, max_wait_ms=3)
        def classify(self, texts: list[str], languages: list[str]) -> list[Mood]: ...

It runs the same with no server:

    engine = SentimentEngine(Cache())
    engine.load()
    engine.classify.one("Great!", "en")            # one item, typed Mood
    engine.classify(["Great!"], ["en"])            # a list, typed list[Mood]
    engine.classify.each(["Great!"], ["xx"])       # a list of answers or errors: one bad item spoils no other

and `EngineHost.get("sentiment")` returns an object with the same methods, backed by a worker process.

Rules, because the server imports the class to read its metadata and signatures, and calls cross processes:
the module's own imports are light (numpy, onnxruntime and the like are imported in `load`, or in a module
that `load` imports); every public method is fully annotated with plain types (str, int, float, bool, bytes,
list, tuple, dict, Literal, dataclasses of these, `numpy.ndarray`); the same input gives the same answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Concatenate,
    Generic,
    ParamSpec,
    Self,
    TypeVar,
    cast,
    overload,
)

from honmono.engines.errors import (
    EngineCrashed,
    EngineError,
    EngineFailed,
    EngineTimeout,
    EngineUnavailable,
    UnsupportedInput,
    UnsupportedLanguage,
)

if TYPE_CHECKING:
    from honmono.weights import Cache

__all__ = [
    "BatchRule",
    "BatchedCall",
    "BatchedMethod",
    "Cost",
    "Engine",
    "EngineCrashed",
    "EngineError",
    "EngineFailed",
    "EngineInfo",
    "EngineTimeout",
    "EngineUnavailable",
    "UnsupportedInput",
    "UnsupportedLanguage",
    "batched",
]

P = ParamSpec("P")
R = TypeVar("R")
E = TypeVar("E", bound="Engine")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a loaded engine takes.

    Attributes:
        memory_bytes: resident memory once loaded and used, as measured.
        cores: threads that it computes with.
        in_process: a call takes under a millisecond and parses no hostile files: run it in the server.
    """

    memory_bytes: int
    cores: int = 1
    in_process: bool = False


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What there is to say about an engine without loading it."""

    name: str
    version: str
    licence: str
    weights: tuple[str, ...]
    languages: tuple[str, ...]
    quality: str
    cost: Cost

    @property
    def identity(self) -> str:
        """What the header `x-honmono-engine` says, e.g. "e5-sentiment/1.0"."""
        return f"{self.name}/{self.version}"


class Engine(ABC):
    """Base of all engines. The constructor only remembers; `load` does the heavy work.

    Class attributes:
        name, version: its identity.
        licence: of code and of weights.
        weights: names in the weights' manifest, all of them needed.
        languages: codes as AWS writes them ("en", "zh-TW"); empty where language plays no part.
        quality: what was measured, on what, the bad included.
        cost: see `Cost`.
        call_timeout: seconds after which a call counts as hung and its process is ended.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    licence: ClassVar[str]
    weights: ClassVar[tuple[str, ...]] = ()
    languages: ClassVar[tuple[str, ...]] = ()
    quality: ClassVar[str]
    cost: ClassVar[Cost]
    call_timeout: ClassVar[float] = 60.0

    def __init__(self, cache: Cache, options: Mapping[str, Any] = MappingProxyType({})) -> None:
        """`options` are the user's from `[engines.FIELD]`; the host adds `device` ("cpu", "cuda" …)."""
        self.cache = cache
        self.options = options

    @abstractmethod
    def load(self) -> None:
        """Read the weights and get ready to answer.

        Raises:
            WeightsMissing: a weight is not in the cache.
            EngineUnavailable: a package or device is missing.
        """

    def close(self) -> None:  # noqa: B027 - most engines hold nothing but memory
        """Give back what `load` took beyond memory."""

    @classmethod
    def info(cls) -> EngineInfo:
        """The class attributes as one value.

        Raises:
            TypeError: the class lacks one.
        """
        needed = ("name", "version", "licence", "quality", "cost")
        if missing := [attribute for attribute in needed if not hasattr(cls, attribute)]:
            raise TypeError(f"engine class {cls.__module__}:{cls.__qualname__} does not set {', '.join(missing)}")
        return EngineInfo(
            name=cls.name,
            version=cls.version,
            licence=cls.licence,
            weights=tuple(cls.weights),
            languages=tuple(cls.languages),
            quality=cls.quality,
            cost=cls.cost,
        )

    @classmethod
    def configured(cls, options: Mapping[str, Any]) -> EngineInfo:
        """What there is to say about the engine as these options make it, without loading it.

        The class attributes, unless the engine runs something that the user names in the options: then its name,
        languages and memory are the named thing's, and what is wrong with it is said here, to `doctor` as to the first
        request.

        Raises:
            EngineUnavailable: an option is missing or cannot be.
            TypeError: the class lacks an attribute.
        """
        return cls.info()


@dataclass(frozen=True, slots=True)
class BatchRule:
    """How calls from several threads are joined.

    Attributes:
        max_size: items in one call of the method, at most.
        max_wait_ms: how long a call on the heels of others waits for their next ones; a lone one never waits.
    """

    max_size: int
    max_wait_ms: float


class BatchedCall(ABC, Generic[P, R]):
    """A batched method bound to an engine (or to the host's stand-in for one). Three ways to call it."""

    @abstractmethod
    def each(self, *args: P.args, **kwargs: P.kwargs) -> list[R | EngineError]:
        """Lists in, and for every item its answer or its error."""

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]: ...
    @overload
    def __call__(self, *args: Any) -> R: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Lists in, a list out (the first item's error is raised); or single items in, one answer out.

        Which of the two is decided by the first argument: items themselves are never lists.
        """
        first = args[0] if args else next(iter(kwargs.values()), None)
        if not isinstance(first, list):
            return self.one(*args, **kwargs)
        outcomes = self.each(*args, **kwargs)
        for outcome in outcomes:
            if isinstance(outcome, EngineError):
                raise outcome
        return outcomes

    def one(self, *args: Any, **kwargs: Any) -> R:
        """Single items in, one answer out."""
        lists = [[arg] for arg in args]
        named = {name: [arg] for name, arg in kwargs.items()}
        outcome = self.each(*lists, **named)[0]  # type: ignore[arg-type]
        if isinstance(outcome, EngineError):
            raise outcome
        return outcome


class BatchedMethod(Generic[E, P, R]):
    """The descriptor that `batched` makes of a method."""

    def __init__(self, function: Callable[Concatenate[E, P], list[R]], rule: BatchRule) -> None:
        self.function = function
        self.rule = rule
        self.__doc__ = function.__doc__
        self.__isabstractmethod__ = getattr(function, "__isabstractmethod__", False)

    @overload
    def __get__(self, engine: None, owner: type[E]) -> Self: ...
    @overload
    def __get__(self, engine: E, owner: type[E]) -> BatchedCall[P, R]: ...
    def __get__(self, engine: E | None, owner: type[E]) -> Self | BatchedCall[P, R]:
        if engine is None:
            return self
        return _Direct(engine, self.function)


class _Direct(BatchedCall[P, R]):
    """A batched method of an engine in this process, called without a host."""

    def __init__(self, engine: Engine, function: Callable[..., list[R]]) -> None:
        self._engine = engine
        self._function = function

    def each(self, *args: P.args, **kwargs: P.kwargs) -> list[R | EngineError]:
        """See `BatchedCall.each`; if the whole call raises, its items are tried one by one."""
        try:
            return cast("list[R | EngineError]", self._function(self._engine, *args, **kwargs))
        except EngineError as error:
            columns = [cast("list[Any]", column) for column in (*args, *kwargs.values())]
            if len(columns[0]) == 1:
                return [error]
            names = list(kwargs)
            outcomes: list[R | EngineError] = []
            for row in zip(*columns, strict=True):
                lists = [[value] for value in row]
                named = dict(zip(names, lists[len(args) :], strict=True))
                outcomes += self.each(*lists[: len(args)], **named)  # type: ignore[arg-type]
            return outcomes


def batched(
    *, max_size: int, max_wait_ms: float = 2.0
) -> Callable[[Callable[Concatenate[E, P], list[R]]], BatchedMethod[E, P, R]]:
    """Mark a method that gains from answering many items at once.

    Every parameter of the method is a list, all of the same length (one entry an item), and it returns a list
    of that length, in order. For an item that it cannot do it may put an `EngineError` in its place; if it
    raises one, the items are tried one by one, so that each gets its own answer or error.
    """
    rule = BatchRule(max_size, max_wait_ms)
    if max_size < 1 or max_wait_ms < 0:
        raise ValueError(f"max_size must be at least 1 and max_wait_ms at least 0: {rule}")

    def mark(function: Callable[Concatenate[E, P], list[R]]) -> BatchedMethod[E, P, R]:
        return BatchedMethod(function, rule)

    return mark
