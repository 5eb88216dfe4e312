"""The frame of reference behind the points: a faint grid, the lines through the origin, and numbers along the edges."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette

from explorer.views.viewport import Viewport, nice_step, tick_text, tick_values

# Two numbers stand at least this many pixels apart.
TICK_DISTANCE = 72.0
_PADDING = 3.0
_EDGE = 5.0


def faded(colour: QColor, alpha: float) -> QColor:
    """The colour with an opacity from 0 to 1."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def paint_grid(painter: QPainter, viewport: Viewport, palette: QPalette) -> None:
    """Paint the grid on a transparent picture, and a stronger line where a coordinate is zero."""
    step = nice_step(TICK_DISTANCE / viewport.scale)
    visible = viewport.bounds
    text = palette.color(QPalette.ColorRole.Text)
    grid, origin = faded(text, 0.07), faded(text, 0.26)
    # Filled rectangles without soft edges, which replace what is beneath them: a translucent pen takes Qt a hundred
    # times as long. So the lines through the origin come last.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    columns = {x: round(viewport.to_pixels(x, 0.0)[0]) for x in tick_values(visible.left, visible.right, step)}
    rows = {y: round(viewport.to_pixels(0.0, y)[1]) for y in tick_values(visible.bottom, visible.top, step)}
    for is_origin, colour in ((False, grid), (True, origin)):
        for x, across in columns.items():
            if (abs(x) < 0.5 * step) == is_origin:
                painter.fillRect(QRectF(across, 0.0, 1.0, viewport.height), colour)
        for y, down in rows.items():
            if (abs(y) < 0.5 * step) == is_origin:
                painter.fillRect(QRectF(0.0, down, viewport.width, 1.0), colour)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def tick_font(font: QFont) -> QFont:
    """The widget's font, smaller."""
    small = QFont(font)
    if small.pointSizeF() > 0:
        small.setPointSizeF(max(7.0, 0.85 * small.pointSizeF()))
    else:
        small.setPixelSize(max(9, round(0.85 * small.pixelSize())))
    return small


def paint_numbers(painter: QPainter, viewport: Viewport, palette: QPalette, font: QFont) -> None:
    """Paint the grid's numbers inside the lower and the left edge, on a breath of background to be read on anything."""
    small = tick_font(font)
    metrics = QFontMetricsF(small)
    height = metrics.height()
    if viewport.height < 4 * height or viewport.width < 60:
        return
    step = nice_step(TICK_DISTANCE / viewport.scale)
    visible = viewport.bounds
    painter.setFont(small)
    colours = (palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text))
    foot = viewport.height - _EDGE - height
    side = 0.0
    for y in tick_values(visible.bottom, visible.top, step):
        down = viewport.to_pixels(0.0, y)[1]
        text = tick_text(y, step)
        width = metrics.horizontalAdvance(text)
        if down - height / 2 > _EDGE and down + height / 2 < foot - _PADDING:
            side = max(side, _EDGE + width)
            _paint_number(painter, QRectF(_EDGE, down - height / 2, width, height), text, colours)
    for x in tick_values(visible.left, visible.right, step):
        across = viewport.to_pixels(x, 0.0)[0]
        text = tick_text(x, step)
        width = metrics.horizontalAdvance(text)
        if across - width / 2 > side + 2 * _PADDING and across + width / 2 < viewport.width - _EDGE:
            _paint_number(painter, QRectF(across - width / 2, foot, width, height), text, colours)


def _paint_number(painter: QPainter, place: QRectF, text: str, colours: tuple[QColor, QColor]) -> None:
    base, ink = colours
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(base, 0.66))
    painter.drawRect(place.adjusted(-_PADDING, 0, _PADDING, 0).toAlignedRect())
    painter.setPen(faded(ink, 0.62))
    painter.drawText(place.adjusted(-1, 0, 1, 0), Qt.AlignmentFlag.AlignCenter, text)
