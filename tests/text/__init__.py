"""Tests of `scraper.text`."""
