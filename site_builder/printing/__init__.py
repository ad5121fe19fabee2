"""The Carta on paper: what is printed, in which shape, and which leaves have changed."""
