"""The tests of the built site need a browser and the site: `nox -s browser` says where it is."""

import os

collect_ignore = [] if "ANYORDER_SITE" in os.environ else ["site"]
