"""The documents on paper: a frozen value in, the bytes of a PDF out.

Nothing here knows the web or the tables. The same document always gives the same bytes.
"""
