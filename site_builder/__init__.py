"""Carta: from checked YAML to the website of a Carta dei Servizi."""
