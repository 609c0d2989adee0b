"""The program as its user runs it: commands in processes of their own."""
