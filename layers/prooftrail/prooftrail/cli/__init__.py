"""The command line: `prooftrail`."""
