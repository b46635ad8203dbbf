"""The whole system on this machine: moto's queues and tables, Lambda's pollers, the real handlers.

Everything is read from `template.yaml`; nothing is named twice.
"""
