"""OpenSSH keys and detached signatures: parsed and verified in process, strictly and offline. Pure."""
