"""Public answers kept as bytes, in front of the framework: what was rendered once is given to everybody."""
