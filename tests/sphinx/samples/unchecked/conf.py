project = "Unchecked"
extensions = ["anyorder.sphinx", "myst_parser"]
exclude_patterns = ["build", "doctrees"]
anyorder_runs = 1
anyorder_checked_folders = ["strict"]
