"""`main.py compare`: which models beside each other, on which images, by what; checked before anything takes time."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainers.atomic_write import check_writable
from trainers.commands.command_line import CommandLine, UsageError, path_argument, whole_number
from trainers.commands.interruption import Interruption
from trainers.commands.recipe_words import described, recipe_of_words
from trainers.comparison import FORMATS
from trainers.device import DEVICES
from trainers.errors import LatentExplorerError
from trainers.features import FEATURES
from trainers.metrics import GROUPS, METRICS
from trainers.models import FAMILIES
from trainers.recipe import SETTINGS, Recipe

DEFAULT_LIMIT = 10_000
MOST_SEEDS = 100
_EPILOG = (
    "The table goes to stdout, progress to stderr. ± is half of a 95 % interval, and a model is marked as better only"
    " where the spread allows. For example:\n"
    "  main.py compare vae.safetensors aae.safetensors --claims --html report.html\n"
    "  main.py compare --seeds 3 --dataset mnist\n"
    "  main.py compare --families vae vae:likelihood=gaussian --seeds 3 --metrics reconstruction"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonOrder:
    """What to compare, and where to put it.

    Attributes:
        files: Trained models; empty where models are trained from `recipes`.
        recipes: Recipes to train, with a label each; empty where there are files.
        dataset: The images; None for those that the files were trained on.
        metrics: Entries of `METRICS`, in their order.
        features: An entry of `FEATURES`, or "auto".
        seeds: Models of each recipe.
        epochs: How long to train those that are trained here; None for as long as their recipe says.
        claims: Whether to check the claims.
        form: An entry of `FORMATS`, for stdout.
        json: A file for everything, or None.
        html: A file for the report, or None.
        keep: Folder of the models that are trained here, or None.
        limit: The most held-out images to use.
        device: An entry of `DEVICES`.
        threads: Threads of the processor; None for one less than there are cores.
        download: Whether images may be downloaded.
        words: What was typed after `main.py`, for the report.
    """

    files: tuple[Path, ...]
    recipes: tuple[tuple[str, Recipe], ...]
    dataset: str | None
    metrics: tuple[str, ...]
    features: str
    seeds: int
    epochs: int | None
    claims: bool
    form: str
    json: Path | None
    html: Path | None
    keep: Path | None
    limit: int
    device: str
    threads: int | None
    download: bool
    words: tuple[str, ...]


def run(arguments: Sequence[str]) -> int:
    """Compare as the words after `main.py compare` say; gives the exit code."""
    order = read_order(arguments)
    with Interruption() as interruption:
        from trainers.commands.comparing import compare_models  # brings torch, which takes seconds

        return compare_models(order, interruption)


def read_order(arguments: Sequence[str]) -> ComparisonOrder:
    """What the words of the command line ask for.

    Raises:
        UsageError, RecipeError: When that cannot be done.
    """
    options = _command_line().read(arguments)
    files: tuple[Path, ...] = tuple(options.models)
    if files and options.families:
        raise UsageError("Give files of models or --families, not both.")
    for path in files:
        if not path.is_file():
            raise UsageError(f"There is no file {path}; check its name.")
    if len({path.resolve() for path in files}) < len(files):
        raise UsageError("A file is given twice; give each model once.")
    for name, value, table in (
        ("--device", options.device, tuple(DEVICES)),
        ("--format", options.format, tuple(FORMATS)),
        ("--features", options.features, ("auto", *FEATURES)),
    ):
        if value not in table:
            raise UsageError(f"{name} is {value!r}; choose one of {', '.join(table)}.")
    if files and options.seeds == 1 and (options.epochs is not None or options.keep is not None):
        flag = "--epochs" if options.epochs is not None else "--keep"
        raise UsageError(f"{flag} is about models that are trained here; give --seeds to train some, or leave it out.")
    for name in ("json", "html"):
        _check_out(f"--{name}", getattr(options, name))
    if options.keep is not None and options.keep.exists() and not options.keep.is_dir():
        raise UsageError(f"--keep {options.keep} is a file; give a folder.")
    return ComparisonOrder(
        files=files,
        recipes=() if files else _recipes(options.families or list(FAMILIES), options.dataset, options.epochs),
        dataset=options.dataset,
        metrics=_metrics(options.metrics),
        features=options.features,
        seeds=options.seeds,
        epochs=options.epochs,
        claims=options.claims,
        form=options.format,
        json=options.json,
        html=options.html,
        keep=options.keep,
        limit=options.limit,
        device=options.device,
        threads=options.threads,
        download=options.download,
        words=("compare", *arguments),
    )


def _recipes(words: Sequence[str], dataset: str | None, epochs: int | None) -> tuple[tuple[str, Recipe], ...]:
    shared: dict[str, object] = {}
    if dataset is not None:
        shared["dataset"] = dataset
    if epochs is not None:
        shared["epochs"] = epochs
    recipes = [recipe_of_words(word, shared) for word in words]
    if len(set(recipes)) < len(recipes):
        raise UsageError("--families names the same recipe twice; give each once, and more --seeds for more of it.")
    return tuple((described(word), recipe) for word, recipe in zip(words, recipes, strict=True))


def _metrics(words: Sequence[str]) -> tuple[str, ...]:
    from trainers.comparison.choosing import chosen_metrics

    try:
        return chosen_metrics(words)
    except LatentExplorerError as error:
        raise UsageError(f"--metrics: {error}") from error


def _check_out(flag: str, path: Path | None) -> None:
    if path is None:
        return
    try:
        check_writable(path)
    except OSError as error:
        raise UsageError(f"{flag} {path} cannot be written ({error.strerror}); choose another place.") from error


def _command_line() -> CommandLine:
    parser = CommandLine(
        "main.py compare",
        "Compare models on the same held-out images and the same noise. Without files, models are trained first.",
        _EPILOG,
    )
    parser.add_argument(
        "models", metavar="MODEL", nargs="*", type=path_argument, help="Models written by main.py train or the window."
    )
    parser.add_argument(
        "--families",
        metavar="NAME",
        nargs="+",
        help=f"Models to train, where no files are given; by default {' '.join(FAMILIES)}. Settings may follow a name:"
        " vae:likelihood=gaussian,beta=2.",
    )
    parser.add_argument("--dataset", metavar="NAME|PATH", help=f"{SETTINGS['dataset'].help}\nDefault: as trained.")
    parser.add_argument(
        "--metrics",
        metavar="NAME",
        nargs="+",
        default=["all"],
        help="What to measure.\n"
        f"  groups: all, quick, {', '.join(GROUPS)}\n  metrics: {', '.join(METRICS)}\nDefault: all.",
    )
    parser.add_argument(
        "--seeds",
        metavar="N",
        type=whole_number(1, MOST_SEEDS),
        default=1,
        help="Train each recipe with N seeds, for the spread over seeds. A file is the first of its recipe's.",
    )
    parser.add_argument(
        "--epochs",
        metavar="N",
        type=whole_number(int(SETTINGS["epochs"].minimum), int(SETTINGS["epochs"].maximum)),
        help="How long to train the models that are trained here; by default as their recipe says.",
    )
    parser.add_argument(
        "--keep",
        metavar="FOLDER",
        type=path_argument,
        help="Keep the models that are trained here in this folder. Those that it has are not trained again, and one"
        " that was interrupted is trained to its end.",
    )
    parser.add_argument("--claims", action="store_true", help="Hold what is said of these models against the figures.")
    parser.add_argument("--json", metavar="FILE", type=path_argument, help="Write everything to a JSON file.")
    parser.add_argument(
        "--html",
        metavar="FILE",
        type=path_argument,
        help="Write a report with pictures: one page, which needs no other.",
    )
    parser.add_argument("--format", metavar="NAME", default="markdown", help=f"Of the table: {', '.join(FORMATS)}.")
    features = "\n".join(f"  {name}: {entry.summary}" for name, entry in FEATURES.items())
    parser.add_argument(
        "--features",
        metavar="NAME",
        default="auto",
        help=f"In what images are compared.\n  auto: what suits the images.\n{features}\nDefault: auto.".replace(
            "%", "%%"
        ),
    )
    parser.add_argument(
        "--limit",
        metavar="N",
        type=whole_number(16, 1_000_000),
        default=DEFAULT_LIMIT,
        help=f"The most held-out images to use; fewer are quicker and spread wider. Default: {DEFAULT_LIMIT}.",
    )
    devices = "\n".join(f"  {name}: {sentence}" for name, sentence in DEVICES.items())
    parser.add_argument(
        "--device", metavar="NAME", default="auto", help=f"Where to compute.\n{devices}\nDefault: auto."
    )
    parser.add_argument(
        "--threads",
        metavar="N",
        type=whole_number(1, os.cpu_count() or 1),
        help="Threads of the processor to use; by default one less than there are cores.",
    )
    parser.add_argument("--download", action="store_true", help="Download the images if they are not here yet.")
    parser.add_argument("--debug", action="store_true", help="Show the traceback of an error.")
    return parser
