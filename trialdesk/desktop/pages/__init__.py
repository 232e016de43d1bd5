"""The places of the window, one module each; `catalog` lists those that exist. Pages do not know each other."""
