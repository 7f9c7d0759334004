"""Version references: parse one, say whether it can move."""
