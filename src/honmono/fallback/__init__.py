"""The rest of AWS, simulated: requests for services that are not ours go to moto, in one child process.

moto keeps its state in memory and many of its answers are canned, so every one of them is marked in the header
`x-honmono-engine`, and the services that Honmono is about never come from it. The child is started by the first
request that needs it; nothing of moto is imported into the server.
"""

from honmono.fallback.proxy import ENGINE, Fallback

__all__ = ["ENGINE", "Fallback"]
