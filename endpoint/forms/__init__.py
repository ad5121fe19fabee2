"""The form itself: its definition, the strict reading of what is sent, one check, one markup.

Standard library only: the builder of the site uses it too.
"""
