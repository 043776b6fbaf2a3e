"""Sphinx's configuration: what the pages are made with.

The pages are in `docs`; the programs that they show are in `src/examples`.
"""

from __future__ import annotations

import os
import sys
import tomllib
import warnings
from multiprocessing.process import BaseProcess
from pathlib import Path

from sphinx.util import logging

CONF = Path(__file__).parent
sys.path.insert(0, str(CONF))  # the theme and what else only this site needs
PROJECT = tomllib.loads((CONF.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# Where the project lives: the links to a page's source and for reporting an error start here.
repository = PROJECT["urls"]["Repository"]

project = "Any Order"
author = ", ".join(person["name"] for person in PROJECT["authors"])
copyright = author  # noqa: A001 - the name that Sphinx reads
version = release = PROJECT["version"]

extensions = [
    "anyorder.sphinx",
    "measured",
    "members",
    "myst_parser",
    "programs",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx_autodoc_typehints",
    "sphinx_codeautolink",
    "refused",
    "switching",
    "terms",
    "theme",
]
nitpicky = True
# of names that others gave, only those of Python lead anywhere
nitpick_ignore = [("py:class", "packaging.specifiers.SpecifierSet")]
myst_enable_extensions = ["colon_fence", "deflist"]
# pages can link to web pages, and by "repository:" to the project
myst_url_schemes = {"https": None, "repository": f"{repository}{{{{path}}}}"}
# every heading of a page can be linked to
myst_heading_anchors = 3

# the last one that runs on Python 3.11 uses what Sphinx 10 will not have, and every build says so
warnings.filterwarnings("ignore", category=DeprecationWarning, module="sphinx_autodoc_typehints")

napoleon_numpy_docstring = False
autodoc_member_order = "bysource"
always_use_bars_union = True
typehints_defaults = "comma"

# The names of the Python docs, kept here so that a build needs no network. It is the file
# usr/share/doc/python3.15/html/objects.inv of Debian's package python3.15-doc; to renew it:
#   apt-get download python3.15-doc && dpkg-deb -x python3.15-doc_*.deb doc
intersphinx_mapping = {"python": ("https://docs.python.org/3/", str(CONF / "python.inv"))}

# Process is documented under a name which is not that of the module where it is defined
codeautolink_inventory_map = {"multiprocessing.context.Process": "multiprocessing.Process"} | {
    f"multiprocessing.process.BaseProcess.{name}": f"multiprocessing.Process.{name}"
    for name in dir(BaseProcess)
    if not name.startswith("_")
}

codeautolink_disable_link_titles = True  # they repeat the name that is linked

# every program and every session of these folders is checked, or the build fails
anyorder_checked_folders = ["two-ways", "shared-state"]
anyorder_program_bars = True
anyorder_docs_url = f"{repository}/blob/main/docs/"

# Python for browsers, which nox has npm bring: without it the site is built without "Try it"
pyodide = Path(sys.prefix, "node_modules/pyodide")
if pyodide.exists():
    anyorder_pyodide = str(pyodide)
else:
    logging.getLogger(__name__).info("No program can be tried on its page: npm brought no pyodide")

html_theme = "theme"
# below the name of its class, in a narrow column, a member has no more than its own
toc_object_entries_show_parents = "hide"
html_title = project
html_static_path = ["static"]
# where the site is: Read the Docs says it of itself
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", PROJECT["urls"]["Documentation"])
html_context = {"repository": repository, "html_baseurl": html_baseurl}
html_additional_pages = {"404": "404.html"}
html_copy_source = False
html_secnumber_suffix = "\N{EN SPACE}"
html_domain_indices = False  # the modules are in the navigation
