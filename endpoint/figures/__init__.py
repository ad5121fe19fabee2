"""Numbers without persons: yearly figures, and the lists that providers send."""
