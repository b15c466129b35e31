"""Records from files, as people keep and exports write them, each kind also gzipped, in bounded memory.

Tables, lists and envelopes of any depth, any encoding, technical names or labels. What cannot be read is given as
`Unreadable` with its line; a file that is missing, of another kind, damaged or cut ends with a sentence. Enter at
`FileSource`.
"""

from puls.ingestion.files.json_lines import items_of_line, record_from_line
from puls.ingestion.files.limits import CutFileError, UnreadableFileError
from puls.ingestion.files.source import FileSource

__all__ = ["CutFileError", "FileSource", "UnreadableFileError", "items_of_line", "record_from_line"]
