"""Documents of missions as tagged PDF files: terms of reference, letters, briefing packs."""
