"""When experts are asked, reminded and let rest."""

from datetime import datetime, timedelta

# So many days before a profile becomes dormant its expert is reminded.
BEFORE_REST = (30, 7)
# So many days before an approval ends, those who can renew it are told, and at last the expert.
BEFORE_END = (60, 14)
BEFORE_CERTIFICATE_ENDS = 30
# So many at each run, once a minute: a mail server and the writers beside it are not overrun by a
# large roster on one day.
AT_ONCE = 50


def months_ago(now: datetime, months: int) -> datetime:
    """Return the moment so many months before; twelve are 365 days."""
    return now - timedelta(days=months * 365 // 12)
