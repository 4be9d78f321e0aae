"""Putting the house together: settings, engines, rooms, doors."""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, g, has_request_context, make_response, request
from flask_babel import Babel, gettext
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from portal import logs
from portal import models as models
from portal import opening as opening  # it has the log signed at every commit
from portal.db import configuration, db, open_at, passes, prepare_engines
from portal.errors import Overtaken, Refused
from portal.files import site_path
from portal.settings import Settings, from_environment, unsafe
from portal.web import copying, limiting, problems, rendering, typed
from portal.web.entity.pages import entity
from portal.web.kept.assets import Assets, files_of
from portal.web.kept.serving import PageCache
from portal.web.kept.standing import Watch
from portal.web.limiting import TooOften
from portal.web.public.pages import public
from portal.web.public.search import folder_of
from portal.web.public.subscriptions import subscriptions
from portal.web.push.pages import push
from portal.web.rooms import ENTITY, PUSH, STAFF, SUBSCRIPTIONS, RoomSessions, room_of
from portal.web.speaking import Speaking
from portal.web.staff.pages import staff
from portal.web.staff.signing_in import load_person

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LANGUAGES = ("zh", "en")
AGAIN_IN = 5  # seconds, when the database did not answer
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def create_app(settings: Settings | None = None) -> Flask:
    """The portal as a WSGI application.

    :raises RuntimeError: when the settings are not fit for production, saying what to change.
    """
    settings = settings or from_environment()
    reasons = unsafe(settings)
    if reasons:
        raise RuntimeError("The portal does not start:\n" + "\n".join(reasons))
    logs.set_up(rule_here)
    app = Portal(
        "portal",
        template_folder=str(site_path("templates")),
        static_folder=str(site_path("static")),
    )
    app.config.update(_configuration(settings))
    app.url_map.converters["int"] = typed.RowNumber
    app.session_interface = RoomSessions()
    _extensions(app)
    prepare_engines(app)
    rendering.prepare(app, settings)
    app.register_blueprint(public)
    app.register_blueprint(staff, url_prefix=STAFF.path)
    app.register_blueprint(entity, url_prefix=ENTITY.path)
    app.register_blueprint(push, url_prefix=PUSH.path)
    app.register_blueprint(subscriptions, url_prefix=SUBSCRIPTIONS.path)
    _choices(app)
    _doors(app)
    limiting.prepare(app, settings)
    _errors(app)
    if settings.proxies:  # only as many as are known: whatever stands before them, a visitor can make up
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    files = WhiteNoise(app.wsgi_app, root=str(site_path("static")), prefix="static/")
    app.wsgi_app = _answering(_kept(app, settings, files))  # type: ignore[method-assign, assignment]
    return app


class Portal(Flask):
    """Flask writes the path of a request that failed, and a path may name a firm."""

    jinja_environment = Speaking

    def log_exception(self, exc_info: Any) -> None:
        self.logger.error("a request failed, and its error page with it", exc_info=exc_info)


def rule_here() -> str:
    """What is asked, as the rule of its address: the log knows no more of a request."""
    if not has_request_context():
        return ""
    method = request.method if request.method in METHODS else "?"
    return f"{method} {request.url_rule.rule if request.url_rule else 'no such address'}"


def _answering(site: "WSGIApplication") -> "WSGIApplication":
    """The site, with an answer also where the error pages fail: a server prints what it is given, all of it."""

    def answered(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            return site(environ, start_response)
        except Exception:
            logging.getLogger(__name__).exception("a request could not be answered")
            start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b"500\n"]

    return answered


def _kept(app: Flask, settings: Settings, site: "WSGIApplication") -> "WSGIApplication":
    """The site behind what it keeps in memory: its files, and its public pages as they were answered."""
    if settings.page_cache_mb:
        watch = Watch(app, lambda: folder_of(settings).position(), is_sqlite=settings.is_sqlite)
        site = app.extensions["portal_page_cache"] = PageCache(site, watch, settings.page_cache_mb * 2**20)
    bootstrap = Path(str(app.blueprints["bootstrap"].static_folder))
    assets = Assets(site, files_of(site_path("static"), also={bootstrap: ["css/bootstrap.min.css"]}))
    app.jinja_env.globals["asset"] = assets.address
    return assets


def _configuration(settings: Settings) -> dict[str, Any]:
    settings.var.mkdir(parents=True, exist_ok=True)
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,  # forty rows of a long list, percent-encoded
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * 1024 * 1024,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.base_url.startswith("https://"),
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(site_path("translations")),
        "BOOTSTRAP_SERVE_LOCAL": True,
        "WTF_CSRF_TIME_LIMIT": None,
        **configuration(settings.database, settings.public_database_url or None),
    }


def _extensions(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(site_path("migrations")), render_as_batch=True)
    Babel(app, locale_selector=lambda: "en" if g.get("language") == "en" else "zh")
    Bootstrap5(app)
    forged = CSRFProtect(app)
    for cookieless in (push, subscriptions):  # no cookie there that another site could use
        forged.exempt(cookieless)
    login = LoginManager(app)
    login.login_view = "staff.sign_in"
    login.login_message = None
    login.session_protection = "basic"
    login.user_loader(load_person)


def _choices(app: Flask) -> None:
    """Language and display mode travel in the address, on every internal link."""

    @app.url_value_preprocessor
    def read_choices(endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.language = _choice("lang", LANGUAGES, "zh")
        g.display = _choice("display", rendering.DISPLAYS, "")

    @app.url_defaults
    def carry_choices(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint.endswith("static"):
            return
        if g.get("language") == "en":
            values.setdefault("lang", "en")
        if g.get("display"):
            values.setdefault("display", g.display)


def _doors(app: Flask) -> None:
    @app.before_request
    def choose_door() -> None:
        writing = request.method not in ("GET", "HEAD", "OPTIONS")
        if room_of(request) is None:
            open_at("public")
        else:
            open_at("write" if writing else "reads")
        if typed.is_too_long(request):
            abort(414)
        if typed.has_nul(request):
            abort(400)

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if room_of(request) is not None:
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault(
            "Cache-Control", "no-cache"
        )  # a browser would guess for how long to keep it
        return response

    @app.after_request
    def commit_once(response: Response) -> Response:
        # one request, one commit; whatever ended in an error page was rolled back by its handler
        if room_of(request) is not None and request.method == "POST" and response.status_code < 400:
            size = copying.line_written(db.session())
            try:
                db.session.commit()
            except (
                Refused
            ) as refusal:  # the log's signer does, when the ledger does not extend what it signed
                return make_response(_page(503, refusal.reasons))
            copying.wait_for(size)
        return response


def _choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    given = request.args.get(name, default)
    return given if given in allowed else default


def _page(status: int, sentences: Sequence[str]) -> Any:
    db.session.rollback()
    if problems.is_for_machines(request):
        return problems.problem(status, sentences)
    room = "staff/error.html" if room_of(request) is STAFF else "error.html"
    return rendering.error_page(room, status, [rendering.said(each) for each in sentences])


def _errors(app: Flask) -> None:
    @app.errorhandler(Refused)
    def refused(refusal: Refused) -> Any:
        return _page(409 if isinstance(refusal, Overtaken) else 400, refusal.reasons)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.response is not None or (error.code or 500) < 400:
            return error
        if problems.is_for_machines(request):
            return problems.of(error)
        return _page(error.code or 500, [_http_sentence(error.code or 500)])

    @app.errorhandler(DataError)
    def does_not_fit(error: DataError) -> Any:
        return _page(400, [gettext("有一项填写得太长，没有保存。请返回上一页缩短后再试。")])

    @app.errorhandler(TooOften)
    def too_often(refusal: TooOften) -> Any:
        return _later(_page(429, refusal.reasons), refusal.seconds)

    @app.errorhandler(DBAPIError)
    def unreachable(error: DBAPIError) -> Any:
        if not passes(error):
            return broken(error)
        app.logger.exception("the database did not answer a request")
        return _later(_page(503, [_http_sentence(503)]), AGAIN_IN)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Any:
        app.logger.exception("a request failed")
        return _page(500, [_http_sentence(500)])


def _later(page: Any, seconds: int) -> Response:
    response = make_response(page)
    response.headers["Retry-After"] = str(seconds)
    return response


def _http_sentence(status: int) -> str:
    return {
        400: gettext("请求有误，请返回上一页检查后再试。"),
        401: gettext("请先登录。"),
        403: gettext("您没有办理这件事的权限，请联系本单位的安全管理员。"),
        404: gettext("没有找到这个网址。可以用编号、企业名称或者信用代码查找。"),
        405: gettext("这个网址不能这样访问，请从页面上的按钮进入。"),
        413: gettext("文件太大，请拆分成几个较小的文件后分别上传。"),
        414: gettext("网址太长，请减少条件后再试。"),
        410: gettext("这个网址的内容已经撤下，不再提供。"),
        501: gettext("这里只提供JSON格式，请去掉网址里的format，或者写format=json。"),
        429: gettext("操作太频繁，请稍等几分钟再试。"),
        503: gettext("网站暂时连不上数据库，请过几秒钟再试。"),
    }.get(status, gettext("网站出了问题，已经记录下来。请稍后再试，或者拨打页脚的咨询电话。"))
