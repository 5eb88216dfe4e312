"""Where a view of the latent plane looks: after the cloud while it grows, or where the person has moved it."""

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

from explorer.views.viewport import Bounds, Viewport

GLIDE_MS = 220
# A cloud that still fills this share of the view along its longer side needs no closer look.
LEAST_FILLED = 0.5
# What an empty view shows: where most priors put their codes.
NO_SCENE = Bounds(-3.0, -3.0, 3.0, 3.0)


class Camera(QObject):
    """The viewport of one view, and who moves it.

    While it follows, it looks anew only when the scene no longer fits, or fills less than half of the view: a
    picture that is rescaled at every training step cannot be read.

    Attributes:
        viewport: What is visible now.
        following: Whether it goes after the scene; ends with the first pan or zoom.

    Signals:
        changed: Another part of the plane is visible.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, glide_ms: int = GLIDE_MS) -> None:
        super().__init__(parent)
        self.viewport = Viewport()
        self.following = True
        self._scene: Bounds | None = None
        self._start = self._target = self.viewport
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(glide_ms)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._glide_on)

    @property
    def gliding(self) -> bool:
        """Whether it is on its way to another place."""
        return self._glide.state() is QVariantAnimation.State.Running

    @property
    def target(self) -> Viewport:
        """What will be visible once it has arrived."""
        return self._target

    def set_scene(self, bounds: Bounds | None) -> None:
        """Say where the things to look at are; None when there are none."""
        first = self._scene is None
        self._scene = bounds
        if self.following and bounds is not None and (first or not self._suits(bounds)):
            self._look(self._fitted(bounds), glide=not first)

    def reset(self) -> None:
        """Look at the whole scene, and follow it from now on."""
        self.following = True
        if self._scene is not None:
            self._look(self._fitted(self._scene), glide=True)

    def look_from(self, viewport: Viewport) -> None:
        """Move by hand; ends the following."""
        self.following = False
        now = self.viewport
        if (viewport.width, viewport.height) != (now.width, now.height):
            viewport = viewport.resized(now.width, now.height)
        self._look(viewport, glide=False)

    def resize(self, width: float, height: float) -> None:
        """Take a new size in pixels; sizes below one pixel count as one."""
        viewport = self._target.resized(width, height)
        if self.following:
            viewport = Viewport.around(self._scene or NO_SCENE, width, height)
        self._look(viewport, glide=False)

    def _fitted(self, bounds: Bounds) -> Viewport:
        return Viewport.around(bounds, self.viewport.width, self.viewport.height)

    def _suits(self, bounds: Bounds) -> bool:
        visible = self._target.bounds
        if not visible.contains(bounds):
            return False
        # Compared with what fitting would reach, so that a cloud of no extent does not ask for ever.
        return self._target.scale >= LEAST_FILLED * self._fitted(bounds).scale

    def _look(self, viewport: Viewport, *, glide: bool) -> None:
        self._glide.stop()
        self._start, self._target = self.viewport, viewport
        if glide and self._glide.duration() > 0 and viewport != self.viewport:
            self._glide.start()
        elif viewport != self.viewport:
            self.viewport = viewport
            self.changed.emit()

    def _glide_on(self, share: float) -> None:
        self.viewport = self._target if share >= 1.0 else self._start.towards(self._target, share)
        self.changed.emit()
