"""Budgets as scripts: each prints a ratio against a floor or a rival measured in the same run.

``python -m tests.benchmarks`` prints every budget that is built; ``--peers`` measures the rivals beside.
"""
