"""Addresses that templates link to are built once, and carry the language and display of who asks now."""

from flask import Flask, render_template_string
from flask.testing import FlaskClient

LINK = "{{ url_for('public.browse', plural='results', **more) | safe }}"


def test_a_remembered_address_is_that_of_who_asks_now(app: Flask) -> None:
    found = []
    for asked in ("/", "/?lang=en", "/?lang=en&display=large", "/"):
        with app.test_request_context(asked):
            app.preprocess_request()
            found.append(render_template_string(LINK, more={}))
    assert found == ["/results/", "/results/?lang=en", "/results/?lang=en&display=large", "/results/"]


def test_values_that_compare_equal_are_not_one_address(app: Flask) -> None:
    with app.test_request_context("/"):
        found = [render_template_string(LINK, more={"year": year}) for year in (1, True, "1", None)]
    assert found == ["/results/?year=1", "/results/?year=True", "/results/?year=1", "/results/"]


def test_a_site_below_a_path_links_below_it(visitor: FlaskClient) -> None:
    def page() -> str:
        return visitor.get("/help/").text

    assert 'href="/results/"' in page()
    below = visitor.get("/help/", base_url="http://localhost/below/").text
    assert 'href="/below/results/"' in below
    assert 'href="/results/"' in page()
