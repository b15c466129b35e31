"""The collector beside each task: it hears OTLP on loopback and writes metrics and traces to AWS. Pure text."""

import json
from typing import Any

from deploy.aws.config import Environment

PORT = 4318


def namespace(environment: Environment) -> str:
    """The namespace of Puls's own metrics in CloudWatch."""
    return f"Puls/{environment.name}"


def metrics_log_group(environment: Environment) -> str:
    """The group that CloudWatch turns into metrics (embedded metric format)."""
    return f"/puls/{environment.name}/metrics"


def configuration(
    environment: Environment, dimensions: dict[str, list[list[str]]], remote_write: str | None
) -> str:
    """The collector's settings as one JSON text (YAML reads it).

    `dimensions`: metric → the sets of labels it is kept by in CloudWatch; every other metric stays out, because each series
    there costs money each month. `remote_write`: Managed Prometheus takes all of them.
    """
    exporters: dict[str, Any] = {
        "awsemf": {
            "namespace": namespace(environment),
            "region": environment.region,
            "log_group_name": metrics_log_group(environment),
            "log_stream_name": "{TaskId}",
            "dimension_rollup_option": "NoDimensionRollup",
            "resource_to_telemetry_conversion": {"enabled": True},
            "metric_declarations": [
                {"dimensions": sets, "metric_name_selectors": [f"^{name}$"]}
                for name, sets in sorted(dimensions.items())
            ],
        },
        "awsxray": {"region": environment.region},
    }
    metric_exporters = ["awsemf"]
    extensions: dict[str, Any] = {"health_check": {"endpoint": "127.0.0.1:13133"}}
    if remote_write is not None:
        extensions["sigv4auth"] = {"region": environment.region, "service": "aps"}
        exporters["prometheusremotewrite"] = {
            "endpoint": remote_write,
            "auth": {"authenticator": "sigv4auth"},
            "resource_to_telemetry_conversion": {"enabled": True},
        }
        metric_exporters.append("prometheusremotewrite")
    batches = {"memory_limiter": {"check_interval": "1s", "limit_mib": 100}, "batch": {}}
    pipeline = {"receivers": ["otlp"], "processors": ["memory_limiter", "batch"]}
    return json.dumps(
        {
            "extensions": extensions,
            "receivers": {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{PORT}"}}}},
            "processors": batches,
            "exporters": exporters,
            "service": {
                "extensions": sorted(extensions),
                "pipelines": {
                    "metrics": {**pipeline, "exporters": metric_exporters},
                    "traces": {**pipeline, "exporters": ["awsxray"]},
                },
            },
        },
        separators=(",", ":"),
    )
