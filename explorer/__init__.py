"""The window: it draws and asks, and never trains."""
