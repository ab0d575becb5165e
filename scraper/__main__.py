"""`python -m scraper` is the command `newsroom`."""

from scraper.cli import main

if __name__ == "__main__":
    main()
