"""The commands of `carta-endpoint`, one a module.

Each module has `HELP` (one Italian line), `arguments(parser)` and `run(arguments, context)`, which
returns the exit status: 0 done, 1 something is to be mended.
"""
