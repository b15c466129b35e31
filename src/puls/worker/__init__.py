"""What a worker does: the handlers of all jobs over an open Puls. Beside `puls.api`, and like it an entry from outside.

Enter at `work`, which `puls serve` and `puls worker` run.
"""

from puls.worker.handlers import handlers_of
from puls.worker.news import Notifier, NotSentError
from puls.worker.running import work

__all__ = ["NotSentError", "Notifier", "handlers_of", "work"]
