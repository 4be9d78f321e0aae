"""Word and Excel files that hide words in every place such files have. All of them made here."""

import io

import openpyxl
from openpyxl.comments import Comment

from tests.evidence_files import archive
from tests.hidden_in_files import CANARY

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = (
    f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
    f' ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/comments.xml" ContentType="{_WORD}.comments+xml"/><Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_RELATIONS = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"'
    f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="r2"'
    f' Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>'
)
_OF_DOCUMENT = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"'
    f' Type="{_OFFICE}/comments" Target="comments.xml"/></Relationships>'
)
_CORE = (
    f'<?xml version="1.0"?><cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
    f"<dc:creator>{CANARY}</dc:creator><dc:title>{CANARY}</dc:title></cp:coreProperties>"
)
STRUCK_OUT = f'<w:del w:id="9" w:author="x"><w:r><w:delText>{CANARY}</w:delText></w:r></w:del>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def docx(*more: str) -> bytes:
    """A line that anybody may read, with a comment on it, words set hidden, an author; ``more`` into its body."""
    hidden = run(CANARY, "<w:vanish/>")
    commented = f'<w:commentRangeStart w:id="0"/>{run("公开的文字")}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
    body = f"<w:p>{commented}{hidden}{''.join(more)}</w:p><w:p>{run('第二段')}</w:p>"
    comment = f'<w:comment w:id="0" w:author="{CANARY}"><w:p>{run(CANARY)}</w:p></w:comment>'
    return archive(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS,
            "docProps/core.xml": _CORE,
            "word/_rels/document.xml.rels": _OF_DOCUMENT,
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
            "word/comments.xml": f'<w:comments xmlns:w="{_W}">{comment}</w:comments>',
        }
    )


def xlsx() -> bytes:
    """A table with a hidden sheet, row and column, a comment, white words and an author."""
    book = openpyxl.Workbook()
    book.properties.creator = CANARY
    shown = book.active
    shown.append(["公开的文字", "第二列", CANARY])
    shown.append([CANARY, CANARY, CANARY])
    shown.append(["末行", 12345, CANARY])
    shown["A1"].comment = Comment(CANARY, CANARY)
    shown.column_dimensions["C"].hidden = True
    shown.row_dimensions[2].hidden = True
    away = book.create_sheet("away")
    away.append([CANARY])
    away.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
