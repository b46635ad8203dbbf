"""`prooftrail dead-letters`: messages that could not be stored."""
