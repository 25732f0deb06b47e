"""Networks the paper compares with, each in a file of its own."""
