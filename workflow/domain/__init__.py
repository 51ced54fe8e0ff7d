"""The clinic's rules: plain values in, a plain answer out.

Code in this folder imports only itself and the standard library. It knows no web framework, no
database, no clock and no file. A physician should be able to read it and sign it off.
"""
