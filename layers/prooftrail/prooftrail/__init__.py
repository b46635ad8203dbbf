"""A serverless audit log: the package that the Lambda functions share."""
