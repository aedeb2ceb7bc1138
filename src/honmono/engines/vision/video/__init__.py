"""Films: their frames, shots, technical cues and the paths of what moves in them."""
