"""Which environments there are: a module for each way of declaring them, and `adapters`, which asks them all."""
