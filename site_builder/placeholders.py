"""What stands where a fact is missing in a new body: easy to see, and impossible to believe."""

MARK = "[DA SCRIVERE]"
# They fit the schema and are nobody's.
NO_CAP, NO_ISTAT, NO_PROVINCE = "00000", "000000", "XX"
