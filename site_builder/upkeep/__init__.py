"""What the staff of the body looks at: what is due, what is doubtful, which links are dead."""
