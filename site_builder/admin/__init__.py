"""The page where the content is edited in a browser: its settings, its forms, its files."""
