"""What is taken as evidence: one table of formats, and the limits. Everything else is refused."""

from dataclasses import dataclass

from portal.words import Label

MB = 2**20
LARGEST_FILE = 20 * MB
LARGEST_SET = 60 * MB  # with the form's own words inside PORTAL_MAX_UPLOAD_MB
MOST_FILES = 10
LONGEST_NAME = 120

MOST_PIXELS = 80_000_000
MOST_PIXELS_JPEG = 220_000_000  # phones of 200 megapixels; JPEG alone is decoded reduced


@dataclass(frozen=True)
class Format:
    """One format: the kind of evidence it is, and the name it is kept and downloaded under."""

    kind: str
    media_type: str
    suffix: str
    other_suffixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """What a person would call it. ``picker`` are entries of a file input's ``accept``."""

    label: str
    label_en: str
    picker: tuple[str, ...]


KINDS = {
    "photo": Kind(
        "照片（JPG、PNG、HEIC 等）", "photos (JPG, PNG, HEIC and others)", ("image/*", ".heic", ".heif")
    ),  # fmt: skip
    "pdf": Kind("PDF", "PDF", (".pdf",)),
    "office": Kind(
        "Word 和 Excel 文件",
        "Word and Excel files",
        (".docx", ".xlsx", ".doc", ".xls", ".wps", ".et"),
    ),
    "ofd": Kind("OFD 版式文件（电子发票）", "OFD (electronic invoices)", (".ofd",)),
    "text": Kind("文本文件", "plain text", (".txt",)),
    "audio": Kind("录音", "sound recordings", ("audio/*", ".amr")),
    "video": Kind("短录像", "short videos", ("video/*",)),
}

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS = {
    "jpeg": Format("photo", "image/jpeg", ".jpg", (".jpeg",)),
    "png": Format("photo", "image/png", ".png"),
    "webp": Format("photo", "image/webp", ".webp"),
    "gif": Format("photo", "image/gif", ".gif"),
    "heif": Format("photo", "image/heic", ".heic", (".heif",)),
    "bmp": Format("photo", "image/bmp", ".bmp"),
    "pdf": Format("pdf", "application/pdf", ".pdf"),
    "docx": Format("office", _WORD, ".docx"),
    "xlsx": Format("office", _SHEET, ".xlsx"),
    "doc": Format("office", "application/msword", ".doc", (".wps",)),
    "xls": Format("office", "application/vnd.ms-excel", ".xls", (".et",)),
    "ofd": Format("ofd", "application/ofd", ".ofd"),
    "text": Format("text", "text/plain", ".txt"),
    "m4a": Format("audio", "audio/mp4", ".m4a"),
    "amr": Format("audio", "audio/amr", ".amr"),
    "mp3": Format("audio", "audio/mpeg", ".mp3"),
    "wav": Format("audio", "audio/wav", ".wav"),
    "mp4": Format("video", "video/mp4", ".mp4"),
    "mov": Format("video", "video/quicktime", ".mov"),
    "3gp": Format("video", "video/3gpp", ".3gp"),
}


def kind_label(kind: str) -> Label:
    """How a kind is named in a sentence."""
    return Label(KINDS[kind].label, KINDS[kind].label_en)
