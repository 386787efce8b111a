"""One of several processes that approve at once: signs in, says it is ready, waits, approves.

Run as `python approving_process.py INSTANCE DATABASE_URL EMAIL MATCH_ID`; it prints what it was
answered as one line of JSON.
"""

import json
import sys
from pathlib import Path

from tests import databases
from tests.pages import Pages

REASON = "Released by letter of the authority."


def main(instance: str, url: str, email: str, match_id: str) -> None:
    """Approve the match when the parent says so, and print the answer."""
    app = databases.make_app(Path(instance), url)
    # The refusal in words is an answer to look at, not an error to raise in this process.
    app.config["TESTING"] = False
    pages = Pages(app)
    pages.sign_in(email)
    # Whoever approves has looked at the match; by that templates and words are read, which here,
    # in eight processes at once, would otherwise take its time while others wait for the lock.
    pages.get(f"/matches/{match_id}")
    token = pages.own_token()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    answer = pages.client.post(
        f"/matches/{match_id}/approve",
        data={"csrf_token": token, "approve-kind": "other", "approve-reason": REASON},
    )
    sys.stdout.write(json.dumps({"status": answer.status_code, "text": answer.text}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
