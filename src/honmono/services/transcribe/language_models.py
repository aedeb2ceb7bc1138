"""Custom language models, which Honmono does not train: the requests are checked, and the answer says what to do."""

from __future__ import annotations

from honmono.services.transcribe.media import check_readable, s3_uri
from honmono.services.transcribe.part import Answer, Part, Request, check_role, invalid
from honmono.services.transcribe.transcription_job import FIELD
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context


class LanguageModels(Part):
    """The operations on custom language models; there are none."""

    def create_language_model(self, request: Request, ctx: Context) -> Answer:
        """Check the request, and say that no model can be trained.

        Raises ServiceError BadRequestException, always.
        """
        given = request["InputDataConfig"]
        check_role(self.platform, ctx, given["DataAccessRoleArn"])
        for member in ("S3Uri", "TuningDataS3Uri"):
            if member in given and not given[member].endswith("/"):
                check_readable(s3_uri(given[member]), ctx)
        raise invalid(
            "Honmono trains no custom language models: its recogniser has no language model apart. Tune a Whisper model "
            f"with a tool of your choice and name its faster-whisper folder, [engines.{FIELD}] model in honmono.toml; or "
            "use a custom vocabulary."
        )

    def describe_language_model(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError NotFoundException, always."""
        raise _not_found(request)

    def update_language_model(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError NotFoundException, always."""
        raise _not_found(request)

    def delete_language_model(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_MISSING.format(request["ModelName"]))

    def list_language_models(self, request: Request, ctx: Context) -> Answer:
        """None."""
        if "NextToken" in request:
            raise invalid("The NextToken is not one that this operation gave.")
        return {"Models": []}


_MISSING = "The requested language model {} couldn't be found. Check the model name and try your request again."


def _not_found(request: Request) -> ServiceError:
    return ServiceError("NotFoundException", _MISSING.format(request["ModelName"]))
