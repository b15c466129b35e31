"""Where the parts listen on a desk: all on 127.0.0.1."""

PORTS = {
    "puls": 18_100, "https": 18_443, "http": 18_180, "pgbouncer": 16_432, "postgres": 15_432, "prometheus": 19_090,
    "alertmanager": 19_093, "webhook": 19_099,
}  # fmt: skip
