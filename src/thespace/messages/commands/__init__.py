"""Changes of timelines, a batch at a time; a single change is a batch of one."""
