"""What can be done without the window: one command a file, one line here.

Map: `train` and `decode` read the command line, and import no torch; `training` and `decoding` do the work;
`command_line`, `recipe_flags`, `failures`, `interruption`, `periodic_saving` and `progress_bar` are what they share.
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
}
