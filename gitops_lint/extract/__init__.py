"""Version pointers out of effective values and documents."""
