"""The job worker: `huey_consumer webapp.worker.huey`."""

from webapp import create_app

app = create_app()
huey = app.extensions["jobs"]
