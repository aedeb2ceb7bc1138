"""What a service is: a class with one method for each operation it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar

from honmono.wire.http import Request
from honmono.wire.model import ServiceModel, load, snake_case
from honmono.wire.signature import Lookup

_Method = TypeVar("_Method", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls: the account, the principal's ARN and the access key that signed."""

    account: str
    principal: str
    access_key: str


class Caller(Protocol):
    """Calls operations of another service in this process."""

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every so many seconds: evaluate alarms, delete what has expired."""

    name: str
    seconds: float
    do: Callable[[], object]


@dataclass(slots=True)
class Context:
    """What a method knows of its call besides the request.

    ``engine`` is set by the method to the identity of the engine that answered; the client reads it in the header
    ``x-honmono-engine``. ``response_headers`` are sent with the answer.
    """

    service: str
    operation: str
    region: str
    identity: Identity
    request_id: str
    headers: Mapping[str, str]
    call: Callable[[Context, str, str, dict[str, Any]], dict[str, Any]]
    http: Request | None = None
    engine: str | None = None
    status: int | None = None
    """The answer's HTTP status, where it is another than the model says: 206 for a range."""
    lookup: Lookup[Identity] | None = None
    """Knows the access keys; set for a special request alone, which has to look at its signature itself."""
    response_headers: dict[str, str] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """The caller's account: twelve digits."""
        return self.identity.account

    @property
    def principal(self) -> str:
        """The caller's ARN."""
        return self.identity.principal

    def client(self, service: str) -> Caller:
        """Another service, called in this process with this caller's identity: ``ctx.client("s3").get_object(…)``.

        The answers are the dicts that boto3 would return, without ResponseMetadata. Raises ServiceError as the
        service does.
        """
        return _Client(self, service)


class _Client:
    def __init__(self, ctx: Context, service: str) -> None:
        self._ctx = ctx
        self._service = service

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        return lambda **request: self._ctx.call(self._ctx, self._service, method, request)


def inline(method: _Method) -> _Method:
    """Mark a method that takes less than a millisecond and never waits: it runs on the event loop, with no thread."""
    method.inline = True  # type: ignore[attr-defined]
    return method


class Service:
    """Base of every service.

    A subclass names botocore's service in ``name`` and has a method for each operation it answers, under boto3's name
    of it, taking the parsed and validated request and a Context and returning the answer's members:

        def detect_sentiment(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]: ...

    A plain method runs in a thread; one marked ``@inline`` and an ``async def`` run on the event loop. What a method
    cannot do it raises as a ServiceError. A method may return an ``http.Response`` where the model cannot say what AWS
    sends.
    """

    name: ClassVar[str]
    validation_code: ClassVar[str] = "ValidationException"
    """The code of a request that does not fit its shape; services differ."""
    validates: ClassVar[bool] = True
    """Whether requests are held against the model's constraints. S3 has rules of its own."""
    open_enums: ClassVar[frozenset[str]] = frozenset()
    """Shapes whose values AWS's own answers are not always among: a custom model's entity types."""
    open_patterns: ClassVar[frozenset[str]] = frozenset()
    """Shapes whose values need not have the form that the model says, in requests and answers: the address of an
    endpoint, which the model says is AWS's and here is ours."""
    output_roots: ClassVar[Mapping[str, str]] = {}
    namespace: ClassVar[str | None] = None
    unsigned: ClassVar[frozenset[str]] = frozenset()
    """Operations that AWS answers without a signature (STS AssumeRoleWithWebIdentity)."""
    max_body: ClassVar[int] = 64 * 1024 * 1024
    """Bytes of a body that is read whole."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "name" in cls.__dict__:
            cls._check_methods()

    @classmethod
    def _check_methods(cls) -> None:
        model = load(cls.name)
        known = model.by_method
        for name, value in vars(cls).items():
            if callable(value) and not name.startswith("_") and name not in known and not hasattr(Service, name):
                raise TypeError(f"{cls.__name__}.{name}: {cls.name} has no operation of that name")

    @property
    def model(self) -> ServiceModel:
        """The service's model, read on first use."""
        model = load(self.name)
        if self.output_roots:
            model.output_roots.update(self.output_roots)
        if self.namespace:
            model.namespace = self.namespace
        return model

    def rewrite(self, request: Request) -> Request:
        """The request as routing should see it: S3 moves a virtual host's bucket into the path."""
        return request

    def claims(self, request: Request) -> bool:
        """Whether a request is this service's, asked where another of the same signing name has the same path too.

        Lex V1 and V2 share ``/tags/{arn}`` and ``/imports/``: only the ARN's form or the body tells. The body is read.
        """
        return True

    def special(self, request: Request) -> Callable[[Request, Context], Any] | None:
        """A method for a request that no operation of the model describes (a browser's form POST to S3).

        It is called before authentication, with the body still in ``request.stream``, and returns a Response.
        """
        return None

    def answers(self, operation: str) -> bool:
        """Whether there is a method for the operation, named as AWS names it."""
        return hasattr(self, snake_case(operation)) and not hasattr(Service, snake_case(operation))

    def chores(self) -> Iterable[Chore]:
        """What the service wants done now and then while the server runs; nothing by default."""
        return ()

    def reset(self) -> None:
        """Forget what the service keeps outside the records, which are cleared for all: for tests alone."""

    def close(self) -> None:
        """Let go of what the service holds; called once when the server ends."""
