"""The process: its port, its connections and their limits, its signals.

Enter at `puls.server.running.serve`; other programs end well through `puls.server.stopping.until_stopped`.
"""
