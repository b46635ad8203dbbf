"""The adapters: every port on AWS."""
