"""The office's work on what came in: filing it, terms, steps, retention."""
