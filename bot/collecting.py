"""What Python's collector of garbage leaves alone."""

import gc


def spare_what_stays() -> None:
    """Have the collector leave alone what is there from the start and stays.

    To go through all of it takes a tenth of a second in which nobody is answered, again and again.
    """
    gc.collect()
    gc.freeze()
