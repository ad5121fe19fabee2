"""Mail and PEC: the letters, the outbox that sends them, the receipts that come back."""
