"""The configuration file: its schema, and how it becomes settings."""
