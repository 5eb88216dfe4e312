"""Measures the program beside what people would use instead, in one run: `python -m tests.benchmarks`.

Map: `FAMILIES_OF_ROWS` names one file a family of rows. `command` runs them in processes of their own (`family`) and
prints the `table`, which `document` can put into the documentation; `row` says what a row is, and when it has reached
its bar. `plan`, `measuring`, `limits`, `machine`, `stolen_time` and `mnist` are shared; `our_loop`, `plain_loops`,
`pythae_loop` and `bare_loop` train; `application`, `opened_window`, `memory_watch` and `question` are for those that
look at the real window; `start_probe` is a start of the program that tells its times. `docs/performance.md` says how
to read the rows.
"""

FAMILIES_OF_ROWS: dict[str, str] = {
    "training": "Images a second, beside the plain PyTorch loop and pythae.",
    "points": "Drawing and moving many points, beside pyqtgraph.",
    "start": "From the start of the process to a window that answers.",
    "window": "What the open window leaves of the training pace.",
    "clicks": "From a click to the decoded image while three models train.",
    "gaps": "How long the window stands still while three models train.",
    "map": "The decoded map: pace, time to sharp, and what it costs the training.",
    "memory": "Memory after minutes of training, and its growth.",
    "growth": "How cost grows with points, image size and models.",
    "gpu": "What a GPU reaches of its limits; left out where there is none.",
}
"""Each is a module here, whose function `rows` measures."""

IN_ONE_WINDOW = ("window", "clicks", "gaps", "map", "memory")
"""Those that look at the same window, one after the other, so that its memory is watched through all of it."""
