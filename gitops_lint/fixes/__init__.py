"""Edits applied to exact spans of text, and verified."""
