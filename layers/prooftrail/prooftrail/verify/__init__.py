"""Checking the trail from outside: nothing here trusts what it reads."""
