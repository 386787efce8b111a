"""The job worker: `huey_consumer webapp.worker.huey`."""

from webapp import start

app = start()
huey = app.extensions["jobs"]
