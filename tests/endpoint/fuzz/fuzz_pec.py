"""Fuzz the reader of receipts of the post."""

from run import fuzz

fuzz("pec")
