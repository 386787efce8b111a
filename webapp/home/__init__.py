"""Pages for everyone: landing page, privacy notice, and the answers that monitoring asks for."""
