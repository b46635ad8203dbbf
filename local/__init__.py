"""The whole system on this machine: moto as AWS, pollers as Lambda has them, the real handlers.

Everything is read from `template.yaml`, so that nothing is defined twice.
"""
