"""A program that a reader has written, explored for the page that it was written on.

``answers``
    what is asked and what is answered, as plain data
``browser``
    the same where Python is in a browser, for the worker that has loaded it
``static``
    what is in the browser
``licences``
    those of Python for browsers, which are served with it
"""

from anyorder.playground.answers import explored

__all__ = ["explored"]
