"""Who belongs to the platform: invitations, requests for an account, the administrator's pages of
accounts, and everybody's own account page."""
