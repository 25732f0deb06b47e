"""What the scripts measured: one frozen dataclass a kind of JSON, which writes it, reads it and judges it."""
