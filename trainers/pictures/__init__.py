"""Small pictures of codes and images, painted without any window: uint8 arrays, (H, W, 3) or with opacity (H, W, 4).

Map: `class_colours` one colour a class; `cloud` codes as dots; `tiles` many images as one; `panels` pictures side by
side, with a title each; `png` the bytes of a PNG file.
"""
