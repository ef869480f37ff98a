"""Sorting in place: kernels allocate nothing, so they bring their own sort."""

from __future__ import annotations

from optimizer.search.kernels.compiled import kernel

GAPS = (29524, 9841, 3280, 1093, 364, 121, 40, 13, 4, 1)
"Distances of the Shell sort, after Knuth, The Art of Computer Programming 3, 5.2.1."


@kernel
def sort_by_key(key, items, count):
    """Sort the first `count` items by ascending `key`, both in place."""
    for gap in GAPS:
        for c in range(gap, count):
            wanted, item = key[c], items[c]
            z = c
            while z >= gap and key[z - gap] > wanted:
                key[z] = key[z - gap]
                items[z] = items[z - gap]
                z -= gap
            key[z] = wanted
            items[z] = item
