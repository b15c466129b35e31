"""Words of the study: names of figures become numbers with a link, blocks become tables, spaces become French ones.

Also what no text may hold. Pure, but for reading the texts.
"""
