"""The whole system on this machine: moto as AWS, pollers like those of Lambda, the real handlers.

All resources and settings come from `template.yaml`, so that nothing is defined twice.
"""
