"""What templates say is remembered or compiled per language; what is put into it is escaped, and a forced language holds."""

from flask import Flask, render_template, render_template_string
from flask_babel import force_locale


def test_a_template_speaks_the_language_of_now(app: Flask) -> None:
    with app.test_request_context("/"):
        before = render_template_string("{{ _('首页') }}")
        with force_locale("en"):
            between = render_template_string("{{ _('首页') }}")
        assert (before, between) == ("首页", "Home")
        assert render_template_string("{{ _('首页') }}") == "首页"


def test_what_is_put_into_a_sentence_is_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        said = render_template_string("{{ _('共%(n)s项，100%%', n='<b>') }}|{{ _('100%%') }}")
    assert said == "共&lt;b&gt;项，100%|100%"


def test_what_is_no_sentence_of_ours_comes_through_as_it_is(app: Flask) -> None:
    with app.test_request_context("/"):
        assert render_template_string("{% for n in [1, 2] %}{{ _('示例' ~ n) }}{% endfor %}") == "示例1示例2"


def test_a_file_is_compiled_for_each_language_and_says_that_of_now(app: Flask) -> None:
    def page() -> str:
        return render_template("error.html", status=404, sentences=[])

    with app.test_request_context("/"):
        before = page()
        with force_locale("en"):
            between = page()
        assert page() == before
    assert ">首页</a>" in before
    assert ">Home</a>" in between
    assert ">首页</a>" not in between
