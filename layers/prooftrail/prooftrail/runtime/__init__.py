"""What Lambda functions share: configuration, telemetry, the HTTP edge."""
