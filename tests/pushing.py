"""What a platform pushes in tests, and how."""

from collections.abc import Callable
from typing import Any

from werkzeug.test import TestResponse

RECORDS = "/push/v1/records"
SHEET = {
    "task_no": "33990020261012003",
    "entity_name": "示例北顺达商贸有限公司",
    "entity_code": "9133990075TNM5LB3J",
    "inspected_on": "2026-10-22",
    "items": [{"item": "公示信息抽查", "outcomes": ["未发现问题"]}],
}
Send = Callable[..., TestResponse]


def of_results(*records: Any, **more: Any) -> dict[str, Any]:
    """The body of a push of results."""
    return {"kind": "result", "records": list(records), **more}
