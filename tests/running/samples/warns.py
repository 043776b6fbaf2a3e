import warnings

warnings.warn("careful", stacklevel=1)
