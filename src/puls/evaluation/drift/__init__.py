"""Whether what is asked and answered this week is what it was in the four weeks before.

`signals` makes bins of turns, `distances` and `judging` compare histograms; all pure. `daily` counts a day from the turn
table and keeps counts alone; enter there.
"""
