"""Runs every test of the project: suite.py chooses and reports, one module per group finds its
tests, guest.py and terminal.py boot what they need.
"""
