"""Every number that a text of the study says, with where it comes from.

Enter at `registry.Registry.load`. A number reaches a text by its name only, `{{ recherche.tout.p95 }}`; this package finds its value in a file
of the repository, writes it the French way and knows its source. Nothing here writes a file.
"""
