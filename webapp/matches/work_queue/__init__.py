"""What there is to do for each open request and by whom, and the queue that coordinators read."""
