"""The page, put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trainers.claims.verdict import Verdict
from trainers.comparison.comparison import Comparison
from trainers.comparison.contender import Contender
from trainers.comparison.wording import caption, dataset_label, listed
from trainers.messages import LossHistory
from trainers.report.claim_cards import claim_cards
from trainers.report.figure_table import figure_table
from trainers.report.markup import escape, tag
from trainers.report.model_pictures import class_key, model_section

_READING = (
    (
        "The intervals",
        "After ± stands half of a 95 % interval; the line under a figure draws it, on one scale for the row. Two"
        " models are measured on the same images and the same noise, and a model is marked as better only where the"
        " interval of the difference leaves 0 out. “Best” is better than every other, “leads” is better than some and"
        " worse than none. Without a mark, nothing can be said.",
    ),
    (
        "The spread over seeds",
        "One training of each model says what these models do, not what their kind does: another seed moves most"
        " figures by more than other images would. With --seeds 3 or more, the intervals are those of the mean over"
        " seeds.",
    ),
    (
        "New images",
        "Coverage leads: it says which share of the held-out images a model comes near to. The Fréchet distance stands"
        " three times. Of reconstructions it is what the decoder cannot draw; of decoded training codes the same, where"
        " the model has learned; what that of new images has above these, is due to codes that the prior places where"
        " there are none. With two latent dimensions precision is near 1 and recall near 0 for every model.",
    ),
    (
        "The claims",
        "Each is held against its figures with their spread, also where lessons say otherwise. “Does not hold here” is"
        " said of these models and these images; “undecided” means that the interval holds the line.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """What a page is made of.

    Attributes:
        comparison: The figures.
        contenders: The models behind its columns, in the same order.
        verdicts: On the claims; empty where none were checked.
        losses: Of the first seed of each model.
        command: What made the page.
    """

    comparison: Comparison
    contenders: tuple[Contender, ...]
    verdicts: Mapping[str, Verdict]
    losses: tuple[LossHistory, ...]
    command: str


def report_page(report: Report) -> str:
    """One HTML page; equal reports give equal pages."""
    comparison = report.comparison
    labels = [model.label for model in comparison.models]
    title = f"{listed(labels)} on {dataset_label(comparison.dataset)}"
    models = "".join(
        model_section(contender, model, losses, index)
        for index, (contender, model, losses) in enumerate(
            zip(report.contenders, comparison.models, report.losses, strict=True)
        )
    )
    key = class_key(report.contenders[0].evidence)
    claims = key + claim_cards(report.verdicts) if report.verdicts else ""
    reading = "".join(tag("dt", head) + tag("dd", escape(text)) for head, text in _READING)
    sections = [
        ("figures", "Figures", tag("p", escape(" ".join(caption(comparison))), "lead") + figure_table(comparison)),
        ("claims", "What is said, and what was found", claims),
        ("models", "The models", key + models),
        ("reading", "How to read this", tag("dl", reading, "reading")),
        ("made", "How it was made", tag("pre", tag("code", escape(report.command)))),
    ]
    shown = [(anchor, head, content) for anchor, head, content in sections if content]
    links = "".join(tag("a", head, href=f"#{anchor}") for anchor, head, _ in shown)
    body = tag("header", tag("p", "Latent Explorer", "made-by") + tag("h1", escape(title)) + tag("nav", links))
    body += "".join(tag("section", tag("h2", head) + content, id=anchor) for anchor, head, content in shown)
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{tag('main', body)}\n</body>\n</html>\n"
    )
