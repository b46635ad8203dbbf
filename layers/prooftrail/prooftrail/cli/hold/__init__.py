"""`prooftrail hold`: legal holds."""
