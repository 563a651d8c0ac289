"""What is counted. A figure and its list are one definition (measures.py), so no number stands without its rows."""
