"""Ratios against a bare baseline, measured in the same run: `python -m tests.benchmarks`. Exit 1 when a bar is missed.

Absolute times depend on the machine and are printed for the curious; what counts is the ratio of medians.
"""
