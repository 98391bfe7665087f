"""`python -m thespace`."""

from thespace.cli import main

main()
