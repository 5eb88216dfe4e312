"""What can be done without the window: one command a file, one line here.

Map: `train`, `decode` and `compare` read the command line, and import no torch; `training`, `decoding` and `comparing`
do the work, the latter with `seed_training`. `command_line`, `recipe_flags`, `recipe_words`, `failures`,
`interruption`, `periodic_saving`, `progress_bar` and `work_bar` are what they share.
Each entry's target takes the words after the command's name and gives the exit code.
"""

from trainers.listing import Listing

COMMANDS: dict[str, Listing] = {
    "train": Listing(
        label="train",
        title="Train a model",
        summary="Train a model and write it to a file.",
        target="trainers.commands.train:run",
    ),
    "decode": Listing(
        label="decode",
        title="Decode codes",
        summary="Draw what a trained model makes of given codes.",
        target="trainers.commands.decode:run",
    ),
    "compare": Listing(
        label="compare",
        title="Compare models",
        summary="Compare models on the same held-out images, by figures with their spread.",
        target="trainers.commands.compare:run",
    ),
}
