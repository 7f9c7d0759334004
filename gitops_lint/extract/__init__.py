"""The version pointers of environments and documents: everything that names something that is fetched when it is deployed."""
