"""Amazon Rekognition: pictures, faces and video."""

from honmono.services.rekognition.service import Rekognition

__all__ = ["Rekognition"]
