"""Texts with marked entities as Comprehend takes them: annotations in CSV, lists of entities, augmented manifests.

Every complaint names the file and the line. Source: "Preparing entity recognizer training data" in the Comprehend
developer guide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from honmono.engines.text.recognizer.entity_list import EntityList
from honmono.engines.text.recognizer.units import Marked, Mention
from honmono.services.comprehend.training_files import (
    Read,
    TrainingDataInvalid,
    csv_rows,
    find_files,
    invalid_line,
    lines,
    manifest_entries,
    manifest_text,
)
from honmono.services.stored_files import StoredFile, StoredFiles

FEWEST_DOCUMENTS = 3
MENTIONS_OF_A_TYPE = 25
MOST_DOCUMENTS_BYTES = 200 << 20
DOCUMENT_BYTES = 100_000
"""What DetectEntities takes; AWS trains on documents of 5,000 bytes at most."""
MOST_ENTRIES = 1_000_000
ENTRY_CHARACTERS = 5000
_COLUMNS = ("file", "line", "begin offset", "end offset", "type")


@dataclass(slots=True)
class _Document:
    """A document while its annotations are gathered: each with the place of its own line, for complaints."""

    text: str
    marks: dict[Mention, tuple[StoredFile, int]] = field(default_factory=dict)


def read_annotated(
    files: StoredFiles,
    documents: str,
    annotations: str,
    types: list[str],
    *,
    by_line: bool,
    read: Read | None = None,
) -> list[Marked]:
    """Documents with the annotations of a CSV file: File, Line, Begin Offset, End Offset, Type under a header.

    Args:
        files: the objects.
        documents: the URI of the documents.
        annotations: the URI of the annotations.
        types: what is to be recognised; other types are left out, as AWS does.
        by_line: each line is a document; else each file is, and the annotations have no Line.
        read: told of the progress.

    Raises:
        TrainingDataInvalid.
    """
    found = dict(_documents(files, documents, by_line, read))
    names: dict[str, list[StoredFile]] = {}
    length: dict[str, int] = {}
    for file, line in found:
        length[file.uri] = max(length.get(file.uri, 0), line + 1)
    for file in dict.fromkeys(file for file, _ in found):
        for name in {file.key, file.key.rpartition("/")[2]}:
            names.setdefault(name, []).append(file)
    for source in find_files(files, annotations):
        for number, row in _rows_under_header(files, source, by_line):
            file, line, mention = _annotation(source, number, row, names, by_line)
            if by_line and line >= length[file.uri]:
                raise invalid_line(
                    source,
                    number,
                    f"there is no line {line} in {file.uri}, whose lines are 0 to {length[file.uri] - 1}",
                )
            if mention.type in types:
                _mark(found[file, line], mention, source, number)
    return [_marked(each) for each in found.values() if each.text.strip()]


def _documents(
    files: StoredFiles, uri: str, by_line: bool, read: Read | None
) -> Iterator[tuple[tuple[StoredFile, int], _Document]]:
    """The documents with their files and the numbers of their lines from 0."""
    every = find_files(files, uri)
    if sum(file.size for file in every) > MOST_DOCUMENTS_BYTES:
        raise TrainingDataInvalid(
            f"The documents under {uri} have more than {MOST_DOCUMENTS_BYTES} bytes, which is the most that is allowed."
        )
    for done, file in enumerate(every, 1):
        if by_line:
            for number, line in lines(files, file):
                yield (file, number - 1), _document(file, number, line.rstrip("\r\n"))
        else:
            # Offsets count the characters as they are in the file, line breaks of two characters as two.
            yield (file, 0), _document(file, 1, "".join(line for _, line in lines(files, file)))
        if read:
            read(done, len(every))


def _document(file: StoredFile, number: int, text: str) -> _Document:
    size = len(text.encode(errors="replace"))
    if size > DOCUMENT_BYTES:
        raise invalid_line(file, number, f"the document has {size} bytes; at most {DOCUMENT_BYTES} are allowed")
    return _Document(text)


def _rows_under_header(files: StoredFiles, source: StoredFile, by_line: bool) -> Iterator[tuple[int, dict[str, str]]]:
    wanted = _COLUMNS if by_line else tuple(name for name in _COLUMNS if name != "line")
    header: list[str] = []
    for number, row in csv_rows(files, source, spaced=True):
        cells = [cell.strip() for cell in row]
        if not header:
            header = [cell.lower() for cell in cells]
            missing = [name for name in wanted if name not in header]
            if missing:
                raise invalid_line(
                    source,
                    number,
                    f"the header has no column {', '.join(name.title() for name in missing)}; it must be "
                    f"{', '.join(name.title() for name in wanted)}",
                )
        elif len(cells) != len(header):
            raise invalid_line(source, number, f"the header has {len(header)} columns, and this row has {len(cells)}")
        else:
            yield number, dict(zip(header, cells, strict=True))
    if not header:
        raise TrainingDataInvalid(f"Invalid training data in {source.uri}: the file is empty.")


def _annotation(
    source: StoredFile, number: int, row: dict[str, str], names: dict[str, list[StoredFile]], by_line: bool
) -> tuple[StoredFile, int, Mention]:
    named = names.get(row["file"], [])
    if len(named) != 1:
        wrong = f"fits {len(named)} files; give the whole key" if named else "is none of the documents' files"
        raise invalid_line(source, number, f"File {row['file'][:200]!r} {wrong}")
    places = []
    for column in ("line", "begin offset", "end offset"):
        value = row[column] if by_line or column != "line" else "0"
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise invalid_line(source, number, f"{column.title()} {value[:40]!r} is not a whole number of 0 or more")
        places.append(int(value))
    line, begin, end = places
    if begin >= end:
        raise invalid_line(source, number, f"Begin Offset {begin} is not less than End Offset {end}")
    if not row["type"]:
        raise invalid_line(source, number, "Type is empty")
    return named[0], line, Mention(begin, end, row["type"])


def _mark(document: _Document, mention: Mention, source: StoredFile, number: int) -> None:
    text = document.text
    if mention.end > len(text):
        raise invalid_line(
            source, number, f"End Offset {mention.end} lies outside the document, which has {len(text)} characters"
        )
    named = text[mention.begin : mention.end]
    if not named.strip():
        raise invalid_line(source, number, "the annotated text is white space alone")
    begin = mention.begin + len(named) - len(named.lstrip())
    mention = Mention(begin, begin + len(named.strip()), mention.type)
    document.marks.setdefault(mention, (source, number))


def _marked(document: _Document) -> Marked:
    """The document with its mentions in order. Raises TrainingDataInvalid where two overlap."""
    mentions = sorted(document.marks)
    for before, mention in pairwise(mentions):
        if mention.begin < before.end:
            # Complain about the later line.
            (other, (file, line)), (this, (source, number)) = sorted(
                ((each, document.marks[each]) for each in (before, mention)), key=lambda pair: pair[1][1]
            )
            raise invalid_line(
                source,
                number,
                f"{this.type} at {this.begin} to {this.end} overlaps {other.type} at {other.begin} to {other.end} "
                f"({file.uri}, line {line}); annotations must not overlap",
            )
    return Marked(document.text, tuple(mentions))


@dataclass(frozen=True, slots=True)
class Listed:
    """Documents in which a list's entities were found, and what the list says twice with different types."""

    documents: list[Marked]
    test: list[Marked]
    warning: str


def read_listed(
    files: StoredFiles,
    documents: str,
    entities: str,
    types: list[str],
    *,
    test: str | None,
    by_line: bool,
    read: Read | None = None,
) -> Listed:
    """Documents with the mentions of a list's entities: Text, Type under a header.

    Args:
        files, documents, types, by_line, read: as for `read_annotated`.
        entities: the URI of the list.
        test: the URI of documents to test with.

    Raises:
        TrainingDataInvalid.
    """
    found, warning = _entity_list(files, entities, types)

    def marked(uri: str) -> list[Marked]:
        return [
            Marked(each.text, tuple(found.find(each.text)))
            for _, each in _documents(files, uri, by_line, read)
            if each.text.strip()
        ]

    return Listed(marked(documents), marked(test) if test else [], warning)


def _entity_list(files: StoredFiles, uri: str, types: list[str]) -> tuple[EntityList, str]:
    entries: dict[str, str] = {}
    twice: list[str] = []
    for source in find_files(files, uri):
        header: list[str] = []
        for number, row in csv_rows(files, source, spaced=True):
            cells = [cell.strip() for cell in row]
            if not header:
                header = [cell.lower() for cell in cells]
                if sorted(header) != ["text", "type"]:
                    raise invalid_line(source, number, "the header must be Text, Type")
                continue
            if len(cells) != 2:
                raise invalid_line(
                    source,
                    number,
                    f"a row has two columns, Text and Type, and this one has {len(cells)}; an entity with a comma "
                    "stands in double quotes",
                )
            entry, kind = cells if header[0] == "text" else cells[::-1]
            if not entry or not kind:
                raise invalid_line(source, number, f"{'Text' if kind else 'Type'} is empty")
            if len(entry) > ENTRY_CHARACTERS:
                raise invalid_line(
                    source, number, f"Text has {len(entry)} characters; at most {ENTRY_CHARACTERS} are allowed"
                )
            if kind not in types:
                continue
            if entries.setdefault(entry, kind) != kind:
                twice.append(f"{entry[:80]!r} in {source.uri}, line {number}")
            if len(entries) > MOST_ENTRIES:
                raise invalid_line(source, number, f"the list has more than {MOST_ENTRIES} entities")
    if not entries:
        raise TrainingDataInvalid(
            f"Invalid training data in {uri}: the list has no entity of the types {', '.join(types)}."
        )
    warning = ""
    if twice:
        more = f" and {len(twice) - 3} more" if len(twice) > 3 else ""
        warning = f"Entities are listed under two types, of which the first was taken: {'; '.join(twice[:3])}{more}."
    return EntityList(entries.items()), warning


def read_manifest(files: StoredFiles, uri: str, attributes: list[str], types: list[str]) -> list[Marked]:
    """The documents of an augmented manifest from SageMaker Ground Truth, one JSON object a line, with the entities of
    the first of `attributes` that a line has.

    Raises:
        TrainingDataInvalid.
    """
    found: list[Marked] = []
    for file in find_files(files, uri):
        for number, entry in manifest_entries(files, file):
            name = next((name for name in attributes if name in entry), None)
            if name is None:
                raise invalid_line(file, number, f"it has none of the attributes {', '.join(attributes)}")
            document = _document(file, number, manifest_text(files, file, number, entry))
            for mention in _entities(file, number, name, entry[name]):
                if mention.type in types:
                    _mark(document, mention, file, number)
            if document.text.strip():
                found.append(_marked(document))
    return found


def _entities(file: StoredFile, number: int, name: str, labelled: Any) -> Iterator[Mention]:
    try:
        entities = labelled["annotations"]["entities"]
        for each in entities:
            begin, end, kind = each["startOffset"], each["endOffset"], each["label"]
            if type(begin) is not int or type(end) is not int or not isinstance(kind, str):
                raise TypeError("offsets are whole numbers, labels are text")
            if not 0 <= begin < end:
                raise ValueError(f"startOffset {begin} and endOffset {end} hold no character")
            yield Mention(begin, end, kind)
    except (KeyError, TypeError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise invalid_line(
            file, number, f"`{name}` does not hold annotations.entities with startOffset, endOffset, label: {what}"
        ) from error


def check_training(documents: list[Marked], types: list[str], kind: str) -> None:
    """Refuse what nothing can be learned from.

    Args:
        documents: all of them.
        types: what is to be recognised.
        kind: "annotations" or "entity matches", for the message.

    Raises:
        TrainingDataInvalid: too few documents, or mentions of a type.
    """
    if len(documents) < FEWEST_DOCUMENTS:
        raise TrainingDataInvalid(
            f"The training data has {len(documents)} documents. At least {FEWEST_DOCUMENTS} are needed."
        )
    counts = Counter(mention.type for document in documents for mention in document.mentions)
    short = [f"{name} ({counts[name]})" for name in types if counts[name] < MENTIONS_OF_A_TYPE]
    if short:
        raise TrainingDataInvalid(
            f"The training data must have at least {MENTIONS_OF_A_TYPE} {kind} of each entity type; too few have: "
            f"{', '.join(short)}."
        )


def check_test(documents: list[Marked], types: list[str]) -> None:
    """Refuse test documents in which a type is never named.

    Raises:
        TrainingDataInvalid.
    """
    there = {mention.type for document in documents for mention in document.mentions}
    missing = [name for name in types if name not in there]
    if missing:
        raise TrainingDataInvalid(
            f"The test data must have at least one annotation of each entity type; there is none of {', '.join(missing)}."
        )
