"""The sentences in which a request's story tells of deployments."""

from webapp.expertise_requests import timeline

timeline.words(
    "deployment: plan", "the deployment of {expert} is in the calendar", open_to_requester=True
)
timeline.words(
    "deployment: cancel", "the deployment of {expert} is cancelled", open_to_requester=True
)
