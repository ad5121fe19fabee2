"""Fuzz the loader of compiled forms."""

from run import fuzz

fuzz("definition")
