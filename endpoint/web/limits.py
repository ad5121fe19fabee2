"""What keeps floods out without knowing who sends: a bucket for each form, and marks of robots.

No address is looked at. A mark only flags a submission: nobody with a receipt is dropped.
"""

import threading

RETRY_AFTER = 60  # seconds
_TOO_FAST = 2  # seconds between the check page and the confirm


class Limits:
    """A token bucket for each name: `burst` requests at once, then `rate` a second."""

    def __init__(self, burst: float = 120, rate: float = 2) -> None:
        self._burst, self._rate = burst, rate
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def allow(self, name: str, now: float) -> bool:
        """Whether one more request fits; names are ours, so the buckets are few."""
        with self._lock:
            left, since = self._left.get(name, (self._burst, now))
            left = min(self._burst, left + max(0.0, now - since) * self._rate)
            fits = left >= 1
            self._left[name] = (left - fits, now)
        return fits


def is_suspect(trap: str, issued: int, now: float) -> bool:
    """Whether the hidden field was filled, or the answers confirmed before they could be read."""
    return bool(trap) or now - issued < _TOO_FAST
