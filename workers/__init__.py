"""What happens after a commit: jobs by wing, the sweep that re-rings them, and the processes that run both.

A job is two lines: ids in, call the service, use a gateway. Every job is safe to run twice and to be killed anywhere.
"""
