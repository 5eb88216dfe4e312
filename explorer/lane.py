"""One model's column: its views, and all wiring from them to the threads and to the workbench."""

from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from explorer.cloud_sentences import DECODES, CloudSentences
from explorer.decode_thread import DecodeThread
from explorer.icons import icon
from explorer.lane_foot import LaneFoot
from explorer.lane_layers import LaneLayers
from explorer.lane_map import LaneMap
from explorer.lane_path import PATHS, LanePath
from explorer.layer_thread import LayerDone, LayerThread
from explorer.live_controls import LiveControls
from explorer.map_thread import MapThread
from explorer.messages import Decoded, DecodeJob
from explorer.palette import class_colours, lane_colour
from explorer.theme import set_role
from explorer.views.elided_label import ElidedLabel
from explorer.views.image_card import ImageCard
from explorer.views.latent_view import LatentView
from explorer.views.opaque_panel import OpaquePanel
from explorer.views.paint_turns import PaintTurns
from explorer.views.steady_label import SteadyLabel
from explorer.views.viewport import Bounds
from explorer.workbench import Indices, Model, Point, Workbench
from trainers.messages import HeldOut, RunFailed, Snapshot
from trainers.models import FAMILIES
from trainers.priors import PRIORS
from trainers.recipe import settings_of

LEAST_WIDTH = 200
LEAST_HEIGHT_ABOVE_FILM = 100
PATIENCE_S = 0.012
"""How long a click waits for its image, so that both are painted at once."""


class Lane(OpaquePanel):
    """Shows a model's newest snapshot, and what the mouse points at in any lane, decoded by this model.

    Signals:
        pointer_decoded(str, object): This run's image, (C, H, W), of the place pointed at; None when there is none.
        image_reconstructed(str, object): This run's reconstruction of the selected image, or None.
        live_changed(str, str, object): Run, setting and value: a setting was changed while training.

    Attributes:
        model: The model as the bench knows it.
        snapshot: Its newest snapshot.
        held_out: The images behind its points.
        decoded_map: The map behind them.
        layers: What else lies over the plane.
        path: The path between two places.
        foot: Its small images.
        menu: What can be done with it.
    """

    pointer_decoded = Signal(str, object)
    image_reconstructed = Signal(str, object)
    live_changed = Signal(str, str, object)

    def __init__(
        self,
        model: Model,
        bench: Workbench,
        threads: tuple[DecodeThread, MapThread, LayerThread],
        turns: PaintTurns,
        menu: QMenu,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.snapshot: Snapshot | None = None
        self.held_out: HeldOut | None = None
        self._reconstructs = False  # the selected image: it has been asked for
        self._has_reconstructed = False  # and told of
        self._bench = bench
        self._decoder, mapper, layerer = threads
        self.menu = menu
        self.setObjectName(f"lane-{model.run}")
        # Lanes share the width evenly, whatever their models have to say.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(LEAST_WIDTH)
        self._build(menu, turns)
        self.sentences = CloudSentences(self.cloud)
        self.decoded_map = LaneMap(model.run, self.cloud, mapper)
        self.layers = LaneLayers(model.run, self.cloud, layerer)
        self.path = LanePath(model, bench, self.cloud, self.film, layerer)
        self._wire()
        self.show_model(model)
        self.set_state("getting ready")
        self._show_focus()

    def _build(self, menu: QMenu, turns: PaintTurns) -> None:
        self._colour = QLabel(self)
        self._colour.setFixedSize(10, 10)
        self._name = ElidedLabel(self)
        self._name.setObjectName("lane-name")
        set_role(self._name, "title")
        self._state = SteadyLabel(self)
        self._state.setObjectName("lane-state")
        set_role(self._state, "muted")
        self._menu = QToolButton(self)
        self._menu.setObjectName("lane-menu")
        self._menu.setAccessibleName("Model menu")
        self._menu.setToolTip("What can be done with this model")
        self._menu.setIcon(icon("menu"))
        self._menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu.setMenu(menu)
        set_role(self._menu, "quiet")
        header = QHBoxLayout()
        header.setSpacing(7)
        header.addWidget(self._colour)
        header.addWidget(self._name)
        header.addWidget(self._state, 1)
        header.addWidget(self._menu)

        self._details = ElidedLabel(self)
        self._details.setObjectName("lane-details")
        set_role(self._details, "muted")
        self.cloud = LatentView(self, turns=turns)
        self.cloud.setObjectName("lane-cloud")
        self.foot = LaneFoot(self)
        self.pointer_image, self.samples, self.film = self.foot.pointer_image, self.foot.samples, self.foot.film
        self.controls = LiveControls(self)
        self._figures = ElidedLabel(self)
        self._figures.setObjectName("lane-figures")
        self._figures.setToolTip(
            "Figures on held-out images: squared error per pixel, evidence lower bound and KL in nats per image.\n"
            "They are taken when training ends, or with Train › Evaluate."
        )
        set_role(self._figures, "muted")
        self._figures.hide()
        self._card = ImageCard(self)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 7, 10, 9)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self._details)
        layout.addWidget(self.cloud, 1)
        layout.addWidget(self.foot)
        layout.addWidget(self.controls)
        layout.addWidget(self._figures)

    def _wire(self) -> None:
        bench, cloud = self._bench, self.cloud
        bench.route_changed.connect(self._forget_paths)
        # From this lane to the bench.
        cloud.latent_hovered.connect(self._hovered)
        cloud.hover_left.connect(partial(bench.hover, None))
        cloud.latent_picked.connect(self._picked)
        cloud.point_hovered.connect(self._point_hovered)
        cloud.point_picked.connect(self._point_picked)
        cloud.card_requested.connect(self._show_card)
        cloud.selection_changed.connect(self._points_chosen)
        cloud.installEventFilter(self)
        self.layers.holes_changed.connect(self._show_holes)
        self.layers.trust_changed.connect(self._show_trust)
        self.layers.emptiest_found.connect(self._go_to)
        self.path.place_wanted.connect(self._go_to)
        self.samples.sample_picked.connect(self._go_to_sample)
        self.samples.room_made.connect(self._decode_samples)
        self.controls.changed.connect(partial(self.live_changed.emit, self.model.run))
        # From the bench to this lane.
        bench.point_changed.connect(self._show_point)
        bench.image_changed.connect(self._show_image)
        bench.hovered_image_changed.connect(self._show_hovered_image)
        bench.chosen_changed.connect(self._show_chosen)
        bench.emphasis_changed.connect(self._show_emphasis)
        bench.focus_changed.connect(self._show_focus)

    # What the threads tell

    def show_model(self, model: Model) -> None:
        """Show the name and the recipe as the bench knows them."""
        self.model = model
        family = FAMILIES[model.recipe.family]
        self.setAccessibleName(f"Model {model.name}")
        self.cloud.setAccessibleName(f"Latent space of {model.name}")
        red, green, blue = lane_colour(model.colour)
        look = f"background: rgb({red}, {green}, {blue}); border-radius: 5px;"
        if self._colour.styleSheet() != look:  # to give it again would have it dressed again
            self._colour.setStyleSheet(look)
        self._name.setText(model.name)
        self._name.setToolTip(f"{family.title}. {family.summary} ({family.paper})")
        self._state.setToolTip("")
        self._show_details()
        self.controls.show_recipe(model.recipe)

    def show_images(self, held_out: HeldOut) -> None:
        """Show the images' classes on the points."""
        self.held_out = held_out
        self.cloud.set_class_colours(class_colours(len(held_out.class_names)))
        self.layers.show_images(held_out)
        self._show_emphasis()
        if self.snapshot is not None:
            self.show_snapshot(self.snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the model as it was a moment ago, and decode anew what is pointed at."""
        first = self.snapshot is None
        self.snapshot = snapshot
        labels_N = self.held_out.labels_N if self.held_out is not None else None
        if labels_N is not None and len(labels_N) == len(snapshot.points_N2):
            self.cloud.show_points(snapshot.points_N2, labels_N)
        else:
            self.cloud.show_points(snapshot.points_N2)
        self.cloud.set_contours(snapshot.contours)
        self.decoded_map.show_snapshot(snapshot)
        self.layers.show_snapshot(snapshot)
        self.path.show_snapshot(snapshot)
        self.controls.show_recipe(snapshot.recipe)
        if first or not snapshot.plane.is_whole_space:
            self._show_details()
        self._decode_samples()
        self._show_point()
        self._show_image()
        if first:
            self._show_chosen()

    def show_decoded(self, decoded: Decoded) -> None:
        """Show images that were decoded for this lane."""
        self.sentences.say("", of=DECODES)
        if decoded.job.purpose == "prior samples":
            self.samples.show_images(decoded.pixels_NCHW)
        elif decoded.job.purpose == "pointer" and self._bench.point is not None:
            self.pointer_image.show_pixels(decoded.pixels_NCHW[0])
            self.pointer_decoded.emit(self.model.run, decoded.pixels_NCHW[0])
        elif decoded.job.purpose == "selected image" and self._reconstructs:
            self._has_reconstructed = True
            self.image_reconstructed.emit(self.model.run, decoded.pixels_NCHW[0])

    def set_path_tool(self, in_hand: bool) -> None:
        """Let dragging in the cloud draw paths; the film has its room from now on, lest the cloud move in mid-drag."""
        self.path.set_tool_in_hand(in_hand)
        # First the room, then the film: else it would make the window higher than a small screen.
        self.cloud.setMinimumHeight(LEAST_HEIGHT_ABOVE_FILM if in_hand else 0)
        self.foot.show_film(in_hand)

    def set_layers_on(self, layers: frozenset[str]) -> None:
        """Show these layers over the cloud, and no others."""
        for layer in self.layers.on - layers:
            self.sentences.say("", of=layer)
        self.layers.set_on(layers)

    def show_layer(self, done: LayerDone) -> None:
        """Show what was computed to lie over this lane's plane."""
        self.sentences.say("", of=done.job.layer)
        self.layers.show_done(done)
        self.path.show_done(done)

    def show_figures(self, figures: dict[str, float]) -> None:
        """Show figures on held-out images."""
        parts = [f"MSE {figures['reconstruction_mse']:.4f}"]
        if "elbo" in figures:
            parts += [f"ELBO {figures['elbo']:.1f}".replace("-", "−"), f"KL {figures['kl']:.2f}"]
        else:
            parts.append(f"cross-entropy {figures['reconstruction_bce']:.1f}")
        self._figures.setText("Test  " + " · ".join(parts))
        self._figures.show()

    def show_failure(self, failure: RunFailed) -> None:
        """Show that the model stopped, why, and what to do."""
        self.sentences.close_with(failure.sentence)
        self.set_state("stopped", "error")
        self._state.setToolTip(failure.sentence)

    def set_state(self, text: str, role: str = "muted") -> None:
        """Show in a word or two what the model is doing."""
        if not self.has_failed or role == "error":
            self._state.setText(text)
            set_role(self._state, "error" if role == "error" else "good" if role == "good" else "muted")

    @property
    def has_failed(self) -> bool:
        """Whether the model stopped with an error."""
        return self.sentences.is_closed

    # What the person does here

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys and menus act on the lane whose cloud has the keyboard, or was clicked."""
        if watched is self.cloud and (
            event.type() == QEvent.Type.MouseButtonPress or (isinstance(event, QFocusEvent) and _is_meant(event))
        ):
            self._bench.focus(self.model.run)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            # The cloud lets go of chosen points by itself.
            self._bench.pin(None)
            self._bench.select_image(None)
            self._bench.set_route(None)
        return super().eventFilter(watched, event)

    def _forget_paths(self) -> None:
        for kind in PATHS:
            self.sentences.say("", of=kind)

    def _hovered(self, x: float, y: float) -> None:
        self._bench.hover(Point(self.model.run, x, y))

    def _picked(self, x: float, y: float) -> None:
        with self._decoder.waiting_briefly(self.model.run, PATIENCE_S):
            self._bench.pick(Point(self.model.run, x, y))
        self.pointer_image.repaint()  # before the clouds, which take longer

    def _point_hovered(self, index: int) -> None:
        images = self.model.images_key
        if index < 0:
            self._bench.hover_image(None)
            self._card.hide()
        elif self._bench.may_look_into(images):
            self._bench.look_into(images)
            self._bench.hover_image(index)

    def _point_picked(self, index: int) -> None:
        if index >= 0:
            self._bench.look_into(self.model.images_key)
            self._bench.select_image(index)

    def _points_chosen(self, images: Indices) -> None:
        self._bench.look_into(self.model.images_key)
        self._bench.choose(images)

    def _show_card(self, index: int, place: QPoint) -> None:
        if self.held_out is None or not 0 <= index < len(self.held_out.images_NCHW):
            return
        name = self.held_out.class_names[self.held_out.labels_N[index]]
        self._card.show_image(self.held_out.images_NCHW[index], name, place)

    def _go_to_sample(self, index: int) -> None:
        if self.snapshot is not None and index < len(self.snapshot.prior_codes_ND):
            x, y = self.snapshot.plane.points(self.snapshot.prior_codes_ND[index : index + 1])[0]
            self._go_to(float(x), float(y))

    def _go_to(self, x: float, y: float) -> None:
        """Pin a place that no mouse has pointed at, in view."""
        if not self.cloud.viewport.bounds.contains(Bounds(x, y, x, y)):
            self.cloud.reset_view()
        self._bench.hover(None)
        self._bench.pin(Point(self.model.run, x, y))

    # What the bench tells

    def _show_point(self) -> None:
        bench = self._bench
        self.cloud.set_pin((bench.pinned.x, bench.pinned.y) if bench.pinned is not None else None)
        elsewhere = bench.hovered if bench.hovered is not None and bench.hovered.run != self.model.run else None
        self.cloud.set_linked_cursor((elsewhere.x, elsewhere.y) if elsewhere is not None else None)
        self._show_trust()
        if bench.point is None:
            if self.pointer_image.pixels() is not None:
                self.pointer_image.show_pixels(None)
                self.pointer_decoded.emit(self.model.run, None)
        elif self.snapshot is not None:
            place = np.array([[bench.point.x, bench.point.y]], np.float32)
            self._decode("pointer", self.snapshot.plane.codes(place))

    def _show_image(self) -> None:
        image, snapshot = self._bench.image if self._is_looked_into() else None, self.snapshot
        self._reconstructs = False
        if image is not None and snapshot is not None and image < len(snapshot.codes_ND):
            self._reconstructs = True
            self._decode("selected image", snapshot.codes_ND[image : image + 1])
        elif self._has_reconstructed:
            self._has_reconstructed = False
            self.image_reconstructed.emit(self.model.run, None)
        self._show_hovered_image()

    def _show_hovered_image(self) -> None:
        index = self._bench.hovered_image
        index = index if index is not None else self._bench.image
        is_here = index is not None and self._is_looked_into() and self._has_point(index)
        self.cloud.set_linked_point(index if is_here and index is not None else -1)

    def _show_trust(self) -> None:
        point, is_known = self._bench.point, self.layers.trust is not None
        words = self.layers.trust_at(point.x, point.y) if point is not None else ""
        self.foot.show_trust(words if is_known else None)

    def _show_holes(self) -> None:
        holes = self.layers.holes
        self.foot.show_holes(holes.missing if holes is not None else None)

    def _show_chosen(self) -> None:
        chosen = self._bench.chosen if self._is_looked_into() else np.zeros(0, np.int64)
        self.cloud.set_selection(chosen)
        self.layers.show_chosen(chosen)

    def _is_looked_into(self) -> bool:
        """Whether what is selected are images of this lane."""
        return self._bench.images_of == self.model.images_key

    def _show_emphasis(self) -> None:
        emphasis = self._bench.emphasis
        fits = emphasis is not None and self.held_out is not None and len(emphasis) == len(self.held_out.class_names)
        self.cloud.set_emphasis(emphasis if fits else None)
        self.layers.show_emphasis(emphasis if fits else None)

    def _show_focus(self) -> None:
        focused = self._bench.focused == self.model.run
        font = self._name.font()
        font.setUnderline(focused and len(self._bench.models) > 1)
        self._name.setFont(font)

    def _show_details(self) -> None:
        recipe = self.model.recipe
        words = [recipe.backbone.replace("mlp", "MLP")]
        if recipe.latent_dim > 2:
            explained = self.snapshot.plane.explained if self.snapshot is not None else None
            share = f", {explained:.0%} of the variance" if explained is not None else ""
            words.append(f"{recipe.latent_dim}-D, PCA plane{share}")
        else:
            words.append("2-D")
        if "prior" in settings_of(recipe.family):
            words.append(PRIORS[recipe.prior].label)
        if recipe.likelihood != "bernoulli":
            words.append(recipe.likelihood.replace("-", ", "))
        self._details.setText(" · ".join(words))
        self._details.setToolTip(
            "The plane of the first two principal components of the codes; a place on it is decoded on that plane."
            if recipe.latent_dim > 2
            else "The whole latent space."
        )
        source = PRIORS[recipe.prior].label if "prior" in settings_of(recipe.family) else "N(0, I)"
        self.foot.name_samples(source)

    def _has_point(self, index: int) -> bool:
        return self.snapshot is not None and index < len(self.snapshot.points_N2)

    def _decode_samples(self) -> None:
        """Decode as many samples of the prior as there is room for."""
        if self.snapshot is not None:
            self._decode("prior samples", self.snapshot.prior_codes_ND[: max(1, self.samples.capacity())])

    def _decode(self, purpose: str, codes_ND: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
        assert self.snapshot is not None
        self._decoder.submit(
            DecodeJob(purpose=purpose, run=self.model.run, decoder=self.snapshot.decoder, codes_ND=codes_ND)
        )


def _is_meant(event: QFocusEvent) -> bool:
    """Whether the keyboard came here because a person sent it, and not only back from a menu or another window."""
    back = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
    return event.gotFocus() and event.reason() not in back
