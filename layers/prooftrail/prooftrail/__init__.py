"""A serverless audit log: the package of the Lambda functions, the command and the producer."""
