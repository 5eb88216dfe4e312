"""A comparison as one page that needs no other file and no script: figures, claims and pictures.

Map: `report` puts the page together; `figure_table`, `claim_cards` and `model_pictures` are its parts; `plots` draws
lines and axes as SVG, which take their colours from the page; `markup` escapes text. `report.css` is its look, in light
and in dark.
"""
