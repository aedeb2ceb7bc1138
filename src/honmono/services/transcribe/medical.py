"""Amazon Transcribe Medical and HealthScribe, for which there is no engine: typed errors that say so."""

from __future__ import annotations

from honmono.services.transcribe.part import Answer, Part, Request, invalid
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_WHY = (
    "No medical engine is built in: general speech recognition would get drugs and doses wrong, and must not pass for a "
    "medical one. Use StartTranscriptionJob with a custom vocabulary and check what it writes, or plug in a model that was "
    "tuned on medical speech: [engines.speech-recognition] model in honmono.toml."
)


class Medical(Part):
    """Starting and creating answers BadRequestException; as nothing can be there, nothing is found and lists are empty."""

    def start_medical_transcription_job(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_WHY)

    def start_medical_scribe_job(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_WHY)

    def create_medical_vocabulary(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_WHY)

    def update_medical_vocabulary(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError NotFoundException, always."""
        raise ServiceError("NotFoundException", _missing("vocabulary"))

    def get_medical_transcription_job(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_missing("job"))

    def get_medical_scribe_job(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_missing("job"))

    def get_medical_vocabulary(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_missing("vocabulary"))

    def delete_medical_transcription_job(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_missing("job"))

    def delete_medical_scribe_job(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_missing("job"))

    def delete_medical_vocabulary(self, request: Request, ctx: Context) -> Answer:
        """Raises ServiceError BadRequestException, always."""
        raise invalid(_missing("vocabulary"))

    def list_medical_transcription_jobs(self, request: Request, ctx: Context) -> Answer:
        """None."""
        return {"MedicalTranscriptionJobSummaries": [], **_status(request, "Status")}

    def list_medical_scribe_jobs(self, request: Request, ctx: Context) -> Answer:
        """None."""
        return {"MedicalScribeJobSummaries": [], **_status(request, "Status")}

    def list_medical_vocabularies(self, request: Request, ctx: Context) -> Answer:
        """None."""
        return {"Vocabularies": [], **_status(request, "StateEquals")}


def _status(request: Request, member: str) -> Answer:
    if "NextToken" in request:
        raise invalid("The NextToken is not one that this operation gave.")
    return {"Status": request[member]} if member in request else {}


def _missing(called: str) -> str:
    return f"The requested {called} couldn't be found. Check the {called} name and try your request again."
