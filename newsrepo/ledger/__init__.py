"""Who was asked what and what became of it: pure computation on records and days, no files, no clock."""
