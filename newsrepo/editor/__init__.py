"""What a browser editor needs to know of our format: its forms, its texts, its requests. Pure; no network."""
