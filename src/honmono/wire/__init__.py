"""AWS's protocols, read from botocore's service models. Knows no service."""
