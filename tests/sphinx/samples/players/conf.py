project = "Players"
extensions = ["anyorder.sphinx", "myst_parser"]
exclude_patterns = ["build", "doctrees"]
man_pages = [("index", "players", "", "", 1)]
anyorder_program_bars = True
anyorder_docs_url = "https://example.org/docs"
anyorder_runs = 1
