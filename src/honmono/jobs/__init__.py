"""Long work: one durable table of jobs and the supervisor that runs them in child processes."""
