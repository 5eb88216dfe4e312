"""Asking the thread that trains, which the window never does: the alternative to decoding from a copied decoder."""

from explorer.app import Explorer
from explorer.messages import Decoded, DecodeJob
from trainers.messages import Floats, Pixels, read_only


class Question:
    """While on, all that is decoded for the mouse is decoded by the training thread, between two of its steps.

    The window does all else as ever: the click, the pin, the answer on the screen. So only the place of the decoding
    differs.
    """

    def __init__(self, explorer: Explorer) -> None:
        self._decoder = explorer.decoder
        self._submit = explorer.decoder.submit
        # No such order exists, since nobody should give it: so it is put among the others by hand.
        self._orders = explorer.training._orders  # pyright: ignore[reportPrivateUsage]
        self._runs = explorer.training._lockstep.runs  # pyright: ignore[reportPrivateUsage]

    def set_on(self, on: bool) -> None:
        """Let the training thread decode for the mouse, or the decode thread again."""
        self._decoder.submit = self._ask if on else self._submit

    def _ask(self, job: DecodeJob) -> None:
        if job.purpose == "pointer":
            self._orders.put(lambda: self._answer(job))
        else:
            self._submit(job)

    def _answer(self, job: DecodeJob) -> None:
        pixels_NCHW = _bytes(self._runs[job.run].decode(job.codes_ND))
        self._decoder.decoded.emit(Decoded(job=job, pixels_NCHW=pixels_NCHW))


def _bytes(pixels_NCHW: Floats) -> Pixels:
    return read_only((pixels_NCHW * 255.0 + 0.5).astype("uint8"))
