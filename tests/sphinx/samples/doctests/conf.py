project = "Doctests"
extensions = ["anyorder.sphinx", "myst_parser"]
exclude_patterns = ["build", "doctrees"]
anyorder_timeout = 600
