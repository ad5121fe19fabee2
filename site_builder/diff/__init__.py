"""The report of a pull request: what changes for the citizen between two states of the content.

`compare` finds the changes as values, `words` says them in Italian, `places` where they appear,
`watch`, `advice` and `prints` what to look at; `report` puts them together as a tree of lines,
which `text`, `markdown` and `html` draw.
"""
