"""`python -m honmono` is the `honmono` command."""

from honmono.cli import main

if __name__ == "__main__":
    main()
