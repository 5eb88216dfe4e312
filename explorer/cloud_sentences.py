"""What is said over a lane's cloud: one sentence of each thing that has something to say, for as long as it holds."""

from typing import Final

from explorer.views.latent_view import LatentView

POINTS: Final = "points"
DECODES: Final = "decodes"
MAP: Final = "map"


class CloudSentences:
    """Shows them in the middle of the cloud, in the order in which they came.

    Args:
        cloud: Where to show them.

    Attributes:
        is_closed: Whether the last word has been said.
    """

    def __init__(self, cloud: LatentView) -> None:
        self._cloud = cloud
        self._said: dict[str, str] = {}
        self.is_closed = False

    def say(self, sentence: str, of: str) -> None:
        """Show what is to be said of something; an empty sentence takes it away."""
        if self._said.get(of, "") == sentence or self.is_closed:
            return
        self._said[of] = sentence
        self._cloud.set_message("\n".join(filter(None, self._said.values())))

    def close_with(self, sentence: str) -> None:
        """Show a last sentence, in place of all others and of those to come."""
        self.is_closed = True
        self._cloud.set_message(sentence)
