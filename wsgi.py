"""The WSGI entry point: `gunicorn wsgi:app` and `flask --app wsgi`."""

from webapp import start

app = start()
