"""The job worker: `huey_consumer webapp.worker.huey`."""

from webapp import start
from webapp.core.upgrading import refuse_to_serve_newer

app = start()
refuse_to_serve_newer(app)
huey = app.extensions["jobs"]
