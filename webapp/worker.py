"""The job worker: `huey_consumer webapp.worker.huey`."""

from webapp import start
from webapp.core.monitoring import request_log
from webapp.core.schema.upgrading import refuse_to_serve_newer
from webapp.platform_settings.wiring import refuse_to_serve_demo

app = start()
refuse_to_serve_newer(app)
refuse_to_serve_demo(app)
huey = app.extensions["jobs"]

if app.config["LOG_FORMAT"] == "json":
    # Its program gives it a handler of its own, after this was read.
    huey.on_startup()(lambda: request_log.adopt("huey"))
