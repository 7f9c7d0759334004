"""Layers to effective values, as each deploying tool merges them."""
