"""Pieces of HTML from text that may hold anything."""

from html import escape

__all__ = ["escape", "picture", "tag"]


def tag(name: str, content: str, css_class: str = "", **attributes: str) -> str:
    """An element around content that is markup already; attributes are escaped."""
    pairs = {"class": css_class, **attributes} if css_class else attributes
    written = "".join(f' {key.replace("_", "-")}="{escape(value)}"' for key, value in pairs.items())
    return f"<{name}{written}>{content}</{name}>"


def picture(address: str, description: str, css_class: str = "", *, width: int, height: int) -> str:
    """An image by its address, with what it shows in words for those who cannot see it."""
    of_class = f' class="{escape(css_class)}"' if css_class else ""
    return f'<img{of_class} src="{address}" alt="{escape(description)}" width="{width}" height="{height}">'
