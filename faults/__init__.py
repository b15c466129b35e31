"""Faults tried on a served Puls from outside: processes killed, bodies of gigabytes, slow clients, broken homes.

`make faults`, or `python -m faults F3 F5`. Each trial starts its own Puls on its own home, is bounded in time, and prints what
happened; docs/faults.md lists them. `PULS_FAULTS_SRC` names another source tree to try, such as that of an older release.
"""
