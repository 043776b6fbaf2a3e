"""What a forked process has in place of an iterator that cannot be copied: it may keep it."""

from __future__ import annotations

from typing import Any, NoReturn

from anyorder.exploring.attributes import NOTED, stands_for_others

__all__ = ["LeftBehind"]


@stands_for_others
class LeftBehind:
    """An iterator of the parent, which the process that is forked never looks at.

    Args:
        cls: what it is, for who only asks for that
        refuse: stops the program, at the line that looks at it
    """

    def __init__(self, cls: type, refuse: Any) -> None:
        vars(self).update(_cls=cls, _refuse=refuse)

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # to ``isinstance`` it is what it stands for
        return vars(self)["_cls"]  # type: ignore[no-any-return]

    def look(self, *_: object) -> NoReturn:
        """Refuse to say anything of it."""
        vars(self)["_refuse"]()
        raise AssertionError("the program goes on")

    def __getattr__(self, name: str) -> Any:
        if name.startswith(NOTED):
            raise AttributeError(name)
        self.look()


for _name in ("__iter__", "__next__", "__repr__", "__eq__", "__hash__", "__bool__", "__len__",
              "__getitem__", "__contains__", "__call__", "__reduce_ex__", "__copy__",
              "__deepcopy__", "__format__", "__enter__", "__exit__", "__lt__", "__add__",
              "__radd__", "__mod__", "__rmod__", "__mul__", "__rmul__"):  # fmt: skip
    setattr(LeftBehind, _name, LeftBehind.look)
