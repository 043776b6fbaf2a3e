project = "Pages"
extensions = ["anyorder.sphinx", "myst_parser"]
html_theme = "alabaster"
exclude_patterns = ["build", "doctrees"]
anyorder_runs = 1
anyorder_checked_folders = ["."]
