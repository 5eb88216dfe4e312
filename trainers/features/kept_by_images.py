"""What was found out about the last few sets of images, so that it need not be found out for every model anew."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from trainers.images import ImageSet

Thing = TypeVar("Thing")


class KeptByImages(Generic[Thing]):
    """Things made of a set of images, told apart by the set's identity and a key; the latest few are kept.

    Two threads may make the same thing at once; both then get the one that was there first.

    Args:
        most: How many things to keep, and with them their images.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        # The images are kept beside the thing, so that no other object can come to their identity.
        self._kept: OrderedDict[tuple[int, Hashable], tuple[ImageSet, Thing]] = OrderedDict()

    def get(self, images: ImageSet, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """The thing for these images and this key, made now if it is not here."""
        place = (id(images), key)
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
                return self._kept[place][1]
        made = make()
        with self._lock:
            _, thing = self._kept.setdefault(place, (images, made))
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return thing
