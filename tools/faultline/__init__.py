"""The command `faultline`: installs, builds, boots, runs, tests and measures the system.

main.py reads the command line; each other module owns one matter and says so at its top.
"""
