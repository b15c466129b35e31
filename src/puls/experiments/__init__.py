"""Two or more ways of answering beside each other: who gets which, and what can be said of it at any moment.

`experiment` is what an operator writes and who gets which arm, `always_valid` the statistics, `reading` what they say;
all pure. `outcomes` reads the tables. Nothing here knows how an arm is built. Off unless `PULS_EXPERIMENT` names a file.
"""
