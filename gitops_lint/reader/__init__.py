"""Bytes to trees with exact positions, as Kubernetes reads them. The only package that parses."""
