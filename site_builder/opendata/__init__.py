"""The data that others use: what may be told, in the forms that others read."""
