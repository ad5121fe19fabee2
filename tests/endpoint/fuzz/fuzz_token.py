"""Fuzz tokens, receipt numbers and codes."""

from run import fuzz

fuzz("token")
