"""python -m app.cli is the doorline command."""

from app.cli import main

main()
