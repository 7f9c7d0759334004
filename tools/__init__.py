"""What is run on the project, not shipped with it."""
