"""How every figure looks: one palette, one font, a white card, a source line."""
