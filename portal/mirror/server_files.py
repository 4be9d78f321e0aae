"""What a web server is told beside the files: what is off for good, and where old addresses with conditions stand."""

from collections.abc import Sequence
from pathlib import Path

from portal.mirror.addresses import TOLD
from portal.mirror.register import FOLDER

MAP, OUTSIDE, INSIDE = "off.map", "nginx-http.conf", "nginx-server.conf"
CSP = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"  # fmt: skip

# «» are ours; braces are nginx's
_OUTSIDE = """\
# Made by `portal export-site`. In the http block:  include «folder»/«hidden»/nginx-http.conf;
# and in the server block:                          include «folder»/«hidden»/nginx-server.conf;
map $uri $mirror_record { "~/proof$" $uri; "~^(?:/en)?(?<mirror_of>/(?:lists|plans|tasks|results)/[^/]+)" $mirror_of; default $uri; }
map $uri $mirror_plain { "~^/en(?<mirror_rest>/.*)" $mirror_rest; default $uri; }
map $mirror_record $mirror_record_off { default ""; include «folder»/«hidden»/off.map; }
map $mirror_plain $mirror_page_off { default ""; include «folder»/«hidden»/off.map; }
map $mirror_record_off$mirror_page_off $mirror_off { default ""; "~451" 451; "~410" 410; }
# what stood after a question mark, and the folder that stands for it here
map $args $mirror_to {
  default other; "" ""; "~^display=[a-z]+$" ""; "~^page=1$" ""; "~^lang=en$" english;
  "~^page=(?<mirror_a>[0-9]+)$" page; "~^lang=en&page=(?<mirror_b>[0-9]+)$" english_page;
  "~^page=(?<mirror_c>[0-9]+)&lang=en$" english_page;
}
map $uri $mirror_is_told { default ""; "~^(?:/en)?/(?:search|objections|subscriptions|exports|api)" told; «told» told; }
map $mirror_to$mirror_is_told $mirror_elsewhere { default ""; other 1; }
"""

_INSIDE = """\
root «folder»;
index index.html;
types {
  text/html html; text/css css; text/javascript js; application/json json; application/atom+xml atom;
  application/rss+xml rss; text/xml xml; text/csv csv; text/calendar ics; application/pdf pdf;
  image/svg+xml svg; image/png png; image/x-icon ico; font/woff2 woff2; application/wasm wasm;
}
default_type text/plain;
charset utf-8;
add_header Cache-Control no-cache always;
add_header X-Content-Type-Options nosniff always;
add_header Content-Security-Policy "«csp»" always;
error_page 404 «told»index.html;
error_page 410 451 @mirror_off;
location ^~ /«hidden»/ { return 404; }
location @mirror_off { try_files $uri/index.html $mirror_record/index.html =404; }
location / {
  if ($mirror_off = 410) { return 410; }
  if ($mirror_off = 451) { return 451; }
  if ($mirror_to = english) { rewrite ^ /en$uri? redirect; }
  if ($mirror_to = page) { rewrite ^(.*?)/?$ $1/page/$mirror_a/? redirect; }
  if ($mirror_to = english_page) { rewrite ^(.*?)/?$ /en$1/page/$mirror_b$mirror_c/? redirect; }
  if ($mirror_elsewhere) { rewrite ^ «told»? redirect; }
  try_files $uri $uri/index.html =404;
}
"""


def write(folder: Path, off: Sequence[tuple[str, int]]) -> None:
    """The map of what is off, and the two files that nginx includes. Absolute paths: move the folder, run again."""
    here = folder / FOLDER
    lines = [f"{address} {status};\n" for address, status in off if not set(address) & set(' ;{}"$\\')]
    (here / MAP).write_text("".join(lines), encoding="utf-8")
    for name, text in ((OUTSIDE, _OUTSIDE), (INSIDE, _INSIDE)):
        for word, value in (("folder", folder.resolve()), ("hidden", FOLDER), ("told", TOLD), ("csp", CSP)):
            text = text.replace(f"«{word}»", str(value))
        (here / name).write_text(text, encoding="utf-8")
