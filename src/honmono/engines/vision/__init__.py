"""Pictures, faces and video: what is seen in them. Knows no AWS."""
