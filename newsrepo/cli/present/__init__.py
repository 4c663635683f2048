"""Results -> text, tables, JSON, CSV and CI annotations: every sink has its encoder, and decides nothing."""
