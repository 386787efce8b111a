"""How gunicorn serves the platform; a buffering proxy stands in front of it in production."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
# The control socket would be one more door; nobody uses it.
control_socket_disable = True
accesslog = None
