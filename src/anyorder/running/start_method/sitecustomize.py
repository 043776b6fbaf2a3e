"""Gives ``multiprocessing`` another default start method, before a program runs.

The environment is the only way in that leaves the program as it is: its ``__main__``, its lines
and its arguments. Python imports a module of this name when it starts;
:mod:`anyorder.running.environment` puts the folder of this file on ``PYTHONPATH``, and only where
another method than the interpreter's default is asked for.

The default is replaced, instead of a method set, so that a program may still set its own, once.
"""

import os
import sys

FOLDER = os.path.dirname(__file__)  # noqa: PTH120 - pathlib would be imported into every program


class AfterContext:
    """A finder that lets ``multiprocessing.context`` be found as ever, and adds to its loading.

    A program that never imports it pays nothing.
    """

    @classmethod
    def find_spec(cls, name, path, target=None):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN206
        """Return ``None`` for every module but one, and ask the other finders for that one."""
        if name != "multiprocessing.context":
            return None
        sys.meta_path.remove(cls)
        specs = (finder.find_spec(name, path, target) for finder in sys.meta_path)
        spec = next(filter(None, specs))
        load = spec.loader.exec_module  # type: ignore[union-attr]

        def load_and_replace(module):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            load(module)
            method = os.environ["ANYORDER_START_METHOD"]
            # There is no public way to a default.
            module._default_context = module.DefaultContext(module._concrete_contexts[method])  # noqa: SLF001

        spec.loader.exec_module = load_and_replace  # type: ignore[union-attr, method-assign]
        return spec


sys.meta_path.insert(0, AfterContext)

# Leave no trace on the path, and let a sitecustomize that was shadowed by this one run. Where there
# is none, site takes the ImportError as the usual case.
sys.path.remove(FOLDER)
sys.path_importer_cache.pop(FOLDER, None)
del sys.modules["sitecustomize"]
import sitecustomize  # type: ignore[import-not-found] # noqa: E402, F401
