"""What HTTP routes share; no rule of any domain."""
