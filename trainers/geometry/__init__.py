"""The plane as a landscape: where codes are dense, where the prior is empty, where decoding can be trusted.

Map: `plane_grid` holds values on the plane, `plane_density` sums kernels on it; `posteriors`, `round_trip`, `holes` and
`trust` are what the window can lay over a cloud; `pull_back` is the decoder's metric, `latent_path` the ways under it.
"""
