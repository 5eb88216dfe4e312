"""The mailbox between a fast writer and a slow reader."""

import threading

import numpy as np

from explorer.mailbox import Mailbox
from trainers.latent_plane import whole_plane
from trainers.messages import Floats, LossHistory, Pixels, Snapshot
from trainers.recipe import Recipe


class _NoDecoder:
    def decode(self, codes_ND: Floats) -> Pixels:
        return np.zeros((len(codes_ND), 1, 8, 8), np.uint8)


def snapshot(run: str, step: int) -> Snapshot:
    nothing = np.zeros((0, 2), np.float32)
    return Snapshot(
        run=run,
        recipe=Recipe(),
        step=step,
        images_seen=step,
        epoch=0.0,
        codes_ND=nothing,
        points_N2=nothing,
        plane=whole_plane(),
        losses=LossHistory(epochs_T=np.zeros(0, np.float32), terms={}),
        decoder=_NoDecoder(),
        prior_codes_ND=nothing,
        contours=(),
    )


def test_the_newest_of_each_run_wins_and_the_reader_is_woken_once() -> None:
    woken: list[None] = []
    mailbox = Mailbox(lambda: woken.append(None))
    for step in range(3):
        mailbox.put(snapshot("a", step))
        mailbox.put(snapshot("b", 10 + step))
    assert len(woken) == 1
    assert {found.run: found.step for found in mailbox.take_all()} == {"a": 2, "b": 12}
    assert mailbox.take_all() == ()
    mailbox.put(snapshot("a", 3))
    assert len(woken) == 2


def test_no_last_snapshot_is_lost_between_threads() -> None:
    wake = threading.Event()
    mailbox = Mailbox(wake.set)
    last = 3000
    writer = threading.Thread(target=lambda: [mailbox.put(snapshot("a", step)) for step in range(last + 1)])
    writer.start()
    seen: list[int] = []
    while not seen or seen[-1] < last:
        assert wake.wait(60), "a snapshot waits and nobody was told"
        wake.clear()
        seen += [found.step for found in mailbox.take_all()]
    writer.join()
    assert seen == sorted(set(seen))
