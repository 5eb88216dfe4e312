"""A comparison as JSON, for programs.

The schema, version 1; numbers are in full, and every key is always there:

    {
      "format": "latent-explorer comparison", "version": 1,
      "dataset": name of the set,            "held_out": held-out images used,
      "features": {"name": the network whose features images were compared in, or "", "reason": why that one},
      "models": [{"label": …, "recipe": {every field of the recipe}, "seeds": [of each model behind the figures],
                  "images_seen": training images that the first has seen}],
      "metrics": [{"name": entry of METRICS, "title": …, "group": …, "unit": …,
                   "better": "higher", "lower", "near 1" or "",
                   "figures": [one a model: FIGURE, or null],
                   "reasons": [one a model: "", or why there is no figure],
                   "standings": [one a model: "best", "leading", ""]}],
      "claims": [{"name": entry of CLAIMS, "title": …, "statement": …, "source": …,
                  "ruling": "holds", "fails", "undecided", "untested",
                  "words": the ruling in words,
                  "sentence": what was found,
                  "figures": [{"model": …, "name": …, "line": where it decides, "figure": FIGURE}]}]
    }

with FIGURE = {"value": …, "low": …, "high": …, "count": …, "seeds": …, "note": …}; low and high are the ends of
the 95 % interval. "claims" is empty where none were checked.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from trainers.comparison.comparison import Comparison
from trainers.metrics import METRICS
from trainers.metrics.figure import Figure

FORMAT = "latent-explorer comparison"
VERSION = 1


def to_json(comparison: Comparison, claims: Sequence[Mapping[str, Any]] = ()) -> str:
    """The document, indented; `claims` as `trainers.claims.verdict_document.verdict_document` gives them."""
    return json.dumps(document(comparison, claims), indent=2, ensure_ascii=False) + "\n"


def document(comparison: Comparison, claims: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The same as a dictionary."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "dataset": comparison.dataset,
        "held_out": comparison.held_out,
        "features": {"name": comparison.features, "reason": comparison.features_reason},
        "models": [
            {
                "label": model.label,
                "recipe": dataclasses.asdict(model.recipe),
                "seeds": list(model.seeds),
                "images_seen": model.images_seen,
            }
            for model in comparison.models
        ],
        "metrics": [_row(comparison, metric) for metric in comparison.metrics],
        "claims": list(claims),
    }


def figure_document(figure: Figure) -> dict[str, Any]:
    """One figure, without its resamples."""
    return {
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "count": figure.count,
        "seeds": figure.seeds,
        "note": figure.note,
    }


def _row(comparison: Comparison, metric: str) -> dict[str, Any]:
    listing, cells = METRICS[metric], comparison.cells[metric]
    return {
        "name": metric,
        "title": listing.title,
        "group": listing.group,
        "unit": listing.unit,
        "better": listing.better,
        "figures": [figure_document(cell) if isinstance(cell, Figure) else None for cell in cells],
        "reasons": ["" if isinstance(cell, Figure) else cell for cell in cells],
        "standings": list(comparison.standings(metric)),
    }
