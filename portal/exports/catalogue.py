"""The bulk files as catalogues and search engines read them: DCAT (https://www.w3.org/TR/vocab-dcat-3/) for other
catalogues, schema.org's Dataset for pages.
"""

from collections.abc import Iterable
from typing import Any

from portal.exports.editions import Edition, File
from portal.exports.package import PACKAGE, Publisher
from portal.publications.kinds import KINDS

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA = "https://www.iana.org/assignments/media-types/"
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/DAILY"


def dcat(edition: Edition | None, publisher: Publisher) -> dict[str, Any]:
    """The catalogue: a dataset for each kind, and one of the code tables; without files before the first edition."""
    return {
        "@context": CONTEXT,
        "@id": f"{publisher.site}/exports/dcat.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _both(publisher.title, publisher.title_en),
        "dct:publisher": _publisher(publisher),
        "foaf:homepage": {"@id": f"{publisher.site}/exports/"},
        "dcat:dataset": [_dataset(edition, publisher, kind) for kind in ("", *KINDS)],
    }


def _dataset(edition: Edition | None, publisher: Publisher, kind: str) -> dict[str, Any]:
    titles = (
        (KINDS[kind].label, KINDS[kind].label_en) if kind else ("代码表和部门", "Code tables and departments")
    )
    page = f"{publisher.site}/{KINDS[kind].plural}/" if kind else f"{publisher.site}/exports/"
    made = {"dct:modified": {"@value": edition.made_at, "@type": "xsd:dateTime"}} if edition else {}
    return {
        "@id": f"{publisher.site}/exports/#{KINDS[kind].plural if kind else 'codes'}",
        "@type": "dcat:Dataset",
        "dct:title": _both(*titles),
        "dct:publisher": _publisher(publisher),
        "dct:license": {"@id": publisher.terms},
        "dct:accrualPeriodicity": {"@id": FREQUENCY},
        "dcat:landingPage": {"@id": page},
        **made,
        "dcat:distribution": [_distribution(each, edition, publisher) for each in _files(edition, kind)],
    }  # fmt: skip


def _files(edition: Edition | None, kind: str) -> Iterable[File]:
    return [each for each in edition.files if each.kind == kind] if edition else ()


def _distribution(file: File, edition: Edition | None, publisher: Publisher) -> dict[str, Any]:
    assert edition is not None
    inside = (
        {"dcat:compressFormat": {"@id": MEDIA + file.media_type}} if file.media_type != "text/csv" else {}
    )
    return {
        "@type": "dcat:Distribution",
        "dct:title": _both(file.title, file.title_en),
        "dcat:accessURL": {"@id": f"{publisher.site}/exports/"},
        "dcat:downloadURL": {"@id": address(publisher, edition, file)},
        "dcat:mediaType": {"@id": MEDIA + _inner(file)},
        **inside,
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "dct:conformsTo": {"@id": f"{publisher.site}/exports/{edition.name}/{PACKAGE}"},
        "dct:license": {"@id": publisher.terms},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }  # fmt: skip


def _inner(file: File) -> str:
    return (
        "text/csv"
        if ".csv" in file.name
        else "application/jsonl"
        if ".jsonl" in file.name
        else file.media_type
    )


def address(publisher: Publisher, edition: Edition, file: File) -> str:
    """Where a file of an edition can be fetched."""
    return f"{publisher.site}/exports/{edition.name}/{file.name}"


def _both(chinese: str, english: str) -> list[dict[str, str]]:
    return [{"@value": chinese, "@language": "zh"}, {"@value": english, "@language": "en"}]


def _publisher(publisher: Publisher) -> dict[str, Any]:
    return {
        "@id": f"{publisher.site}/",
        "@type": "foaf:Organization",
        "foaf:name": _both(publisher.name, publisher.name_en),
    }


# ── schema.org ───────────────────────────────────────────────


def of_site(edition: Edition | None, publisher: Publisher, *, english: bool) -> dict[str, Any]:
    """The Dataset of everything, for the page of the bulk files."""
    files = [each for each in edition.files if each.rows >= 0] if edition else []
    made = {"dateModified": edition.made_at, "version": edition.name} if edition else {}
    return {
        **_described(publisher, english, f"{publisher.site}/exports/"),
        "name": publisher.title_en if english else publisher.title,
        **made,
        "distribution": [_download(each, edition, publisher, english) for each in files if edition],
    }


def of_kind(kind: str, publisher: Publisher, *, english: bool) -> dict[str, Any]:
    """The Dataset of one kind, for its section: its files are those of the newest edition, whichever it is."""
    found = KINDS[kind]
    newest = f"{publisher.site}/exports/latest/{found.plural}"
    title, label = (publisher.title_en, found.label_en) if english else (publisher.title, found.label)
    return {
        **_described(publisher, english, f"{publisher.site}/{found.plural}/"),
        "name": f"{title}: {label}" if english else f"{title}：{label}",
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": f"{newest}.csv.zip"},
            {"@type": "DataDownload", "encodingFormat": "application/jsonl", "contentUrl": f"{newest}.jsonl.gz"},
        ],
    }  # fmt: skip


def _described(publisher: Publisher, english: bool, page: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{page}#dataset",
        "url": page,
        "description": (
            "What may be inspected, what is planned, whom each draw drew and what was found, with corrections."
            if english
            else "随机抽查可以查哪些事项、计划查什么、每次抽了谁、查到什么，以及更正。"
        ),
        "license": publisher.terms,
        "isAccessibleForFree": True,
        "inLanguage": "zh-CN",
        "creator": {
            "@type": "GovernmentOrganization",
            "name": publisher.name_en if english else publisher.name,
            "url": f"{publisher.site}/",
        },
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{publisher.site}/exports/dcat.jsonld"},
    }


def _download(file: File, edition: Edition, publisher: Publisher, english: bool) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": file.title_en if english else file.title,
        "encodingFormat": _inner(file),
        "contentUrl": address(publisher, edition, file),
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }
