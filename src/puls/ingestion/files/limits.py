"""How much of a file is read at once, and what is too much: the same for every kind of file. Pure."""

from typing import Final

from puls.errors import InvalidInputError

LONGEST_RECORD_BYTES: Final = (
    16 * 2**20
)  # the longest real record is 90 kB; a longer "line" is not a record
LONGEST_ROW_CELLS: Final = (
    4_096  # the portal has 56 columns, agendas with many fields of their own some 200
)
DEEPEST_ENVELOPE: Final = 12  # levels of objects and lists around the records
# Deflate reaches 1,032 : 1. Real exports shrink to between a fifth and a fortieth.
HIGHEST_RATIO: Final = 250
RATIO_FROM_BYTES: Final = 64 * 2**20  # below that much, nobody minds
LARGEST_WHOLE_BYTES: Final = 256 * 2**20  # of what can only be read whole: spreadsheets, calendars
LARGEST_SPOOLED_BYTES: Final = (
    16 * 2**30
)  # of a compressed Parquet file on its way through the disk
MOST_UNREADABLE_IN_A_ROW: Final = 100_000  # lines that are no records, one behind the other
SHOWN_CHARACTERS: Final = 2_000


class UnreadableFileError(InvalidInputError):
    """The file cannot be read any further; the records before this point are kept."""

    code = "unreadable_file"


class CutFileError(UnreadableFileError):
    """The file ends in the middle of a record."""

    code = "cut_file"
