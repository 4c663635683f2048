"""Roll, ballots, rule and closings -> a result that explains itself. Pure: no clock, git, files or floats."""
