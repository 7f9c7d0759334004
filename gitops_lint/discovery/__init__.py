"""One module per way of declaring environments."""
