"""What becomes of the values that an application logs: JSON, masked, and made to fit."""
