"""Looks on the live web, checks of events, providers of search. Families of metrics only."""

from puls.monitoring.families import counter, gauge, histogram
from puls.monitoring.names import Metric

WEB_LOOKS = counter(
    Metric.WEB_LOOKS,
    "Looks on the web, by the first reason for them and what they came to (seen, nothing, cut, no_provider, stopped).",
    ["why", "outcome"],
)
WEB_LOOK_SECONDS = histogram(
    Metric.WEB_LOOK_SECONDS,
    "Time of one look on the web, whatever it came to.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0),
)
WEB_CHECKS = counter(
    Metric.WEB_CHECKS,
    "Events checked on the web, by what was seen and where; `proof` is empty when nothing was read.",
    ["outcome", "proof"],
)
WEB_PAGES = counter(
    Metric.WEB_PAGES,
    "Pages asked for on the web: read, cached, or a code of why not.",
    ["outcome"],
)
WEB_SEARCHES = counter(
    Metric.WEB_SEARCHES,
    "Searches on the web by provider and outcome: answered, empty, cached, or why not.",
    ["provider", "outcome"],
)
WEB_SEARCH_SECONDS = histogram(
    Metric.WEB_SEARCH_SECONDS,
    "Time of one request to a provider of web search.",
    ["provider", "outcome"],
)
WEB_SEARCH_COST = counter(
    Metric.WEB_SEARCH_COST,
    "What requests to providers of web search are taken to cost.",
    ["provider", "purpose"],
)
WEB_SEARCH_CIRCUIT_OPEN = gauge(
    Metric.WEB_SEARCH_CIRCUIT_OPEN,
    "Whether a provider of web search is left alone for a while because it failed too often.",
    ["provider"],
)
WEB_SEARCH_ROWS_LOST = counter(
    Metric.WEB_SEARCH_ROWS_LOST,
    "Requests to providers of web search that the ledger could not keep.",
)
