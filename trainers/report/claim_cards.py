"""The claims with their verdicts, figures and pictures."""

from collections.abc import Mapping

from trainers.claims import CLAIMS
from trainers.claims.verdict import SIGNS, Verdict
from trainers.claims.wording import deciding_words, line_words
from trainers.comparison.number_text import figure_text
from trainers.pictures.png import data_address
from trainers.report.markup import escape, picture, tag


def claim_cards(verdicts: Mapping[str, Verdict]) -> str:
    """One card a claim; those that nothing could be said of come last."""
    tested = [name for name, verdict in verdicts.items() if verdict.ruling != "untested"]
    others = [name for name, verdict in verdicts.items() if verdict.ruling == "untested"]
    return "".join(_card(name, verdicts[name]) for name in (*tested, *others))


def _card(name: str, verdict: Verdict) -> str:
    claim = CLAIMS[name]
    words = verdict.words if len(verdict.words) < 40 else "not tested"
    ruling = tag("span", f"{SIGNS[verdict.ruling]} {escape(words)}", f"ruling {verdict.ruling}")
    said = tag("blockquote", f"{escape(claim.statement)} {tag('cite', escape(claim.source))}")
    parts = [tag("h3", f"{escape(claim.title)} {ruling}"), said, tag("p", escape(verdict.sentence), "found")]
    if deciding := deciding_words(verdict):
        parts.append(tag("p", escape(deciding), "found deciding-words"))
    if verdict.picture_HW3 is not None:
        height, width = verdict.picture_HW3.shape[:2]
        address = data_address(verdict.picture_HW3)
        parts.append(
            tag("div", picture(address, f"{claim.title}: what was measured", width=width, height=height), "wide")
        )
    if verdict.figures:
        rows = "".join(
            tag(
                "tr",
                tag("td", escape(entry.model))
                + tag("td", escape(entry.name))
                + tag("td", escape(figure_text(entry.figure)), "number")
                + tag("td", escape(line_words(entry))),
            )
            for entry in verdict.figures
        )
        table = tag("table", rows, "deciding")
        parts.append(tag("details", f"{tag('summary', 'The figures behind it')}{tag('div', table, 'wide')}"))
    return tag("article", "".join(parts), f"claim {verdict.ruling}")
