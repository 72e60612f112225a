"""The terminal UI. Nothing else imports Textual."""
