"""Fuzz the parser of bodies and the checker of answers."""

from run import fuzz

fuzz("body")
