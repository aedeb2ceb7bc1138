"""The machine learning itself. Engines know no AWS: plain calls that return dataclasses."""
