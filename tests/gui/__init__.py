"""The window, driven by real key and mouse events."""
