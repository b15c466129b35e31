"""A month's bill on each cloud."""

from dataclasses import replace
from decimal import Decimal

import pytest

from puls.costing.aws import aws_lines
from puls.costing.clouds import CLOUDS, SIZES, Cloud
from puls.costing.inventory import Resource, inventory_of
from puls.costing.prices import HOURS, PriceTable
from puls.costing.running import bill_of
from puls.costing.scenarios import scenarios
from puls.costing.usage import usage_of
from puls.errors import InvalidInputError

PRICES = PriceTable.load()


@pytest.mark.parametrize("environment", ["dev", "staging", "production"])
def test_the_aws_column_is_the_sum_over_the_templates_resources(environment: str) -> None:
    """Every resource has its lines, no line has none, and nothing is paid twice."""
    scenario = scenarios()["s2"].having(aws_environment=environment)
    resources = inventory_of(environment)
    lines = aws_lines(scenario, usage_of(scenario), PRICES, resources)
    by_resource = {
        one.id: sum(line.eur for line in lines if line.resource == one.id) for one in resources
    }
    assert len(by_resource) == len(resources), "each resource has a name of its own"
    assert {line.resource for line in lines} == set(by_resource)
    assert sum(by_resource.values()) == sum(line.eur for line in lines)
    bill = bill_of(scenario, "aws", PRICES)
    assert bill.eur == sum(by_resource.values()) + bill.of("model") + bill.of("web")


def test_a_resource_that_nobody_prices_is_refused() -> None:
    """A new service in the template must not be free in the study."""
    scenario = scenarios()["s1"]
    unknown = Resource(
        type="kafka", name="Stream", count=1, most=1, size=None, storage_gib=None, by_use=False
    )
    with pytest.raises(InvalidInputError, match="does not price it"):
        aws_lines(scenario, usage_of(scenario), PRICES, [unknown])


def test_a_database_that_is_too_small_for_the_peak_is_replaced_and_said() -> None:
    """S3 asks more of PostgreSQL than the template has; the bill counts what would be needed."""
    bill = bill_of(scenarios()["s3"], "aws", PRICES)
    assert any("db.m7g.large : à relever" in note for note in bill.notes)
    (line,) = [one for one in bill.lines if one.what.startswith("PostgreSQL db.")]
    assert line.what == "PostgreSQL db.m7g.4xlarge"
    assert line.quantity == 2 * HOURS, "and its standby"


def test_tasks_beyond_the_templates_limit_are_counted_and_said() -> None:
    """Five hundred answers a second need more tasks than autoscaling may start."""
    scenario = scenarios()["s3"].having(peak_answers_per_second=500)
    bill = bill_of(scenario, "aws", PRICES)
    assert any("50 tâches" in note for note in bill.notes)


def test_one_machine_says_when_it_is_too_small() -> None:
    """Its price must not look like an answer to S3."""
    with pytest.raises(InvalidInputError, match="Une machine ne tient pas"):
        bill_of(scenarios()["s3"], "vm", PRICES)


def test_no_model_costs_no_model() -> None:
    """The composer is always there."""
    scenario = scenarios()["s2"].having(model_share=0)
    assert bill_of(scenario, "aws", PRICES).of("model") == 0


def test_the_other_clouds_are_sized_as_the_templates() -> None:
    """An equal size, or the comparison means nothing."""
    for environment, size in SIZES.items():
        inventory = inventory_of(environment)
        by_name = {one.name: one for one in inventory if one.type == "fargate-arm"}
        (database,) = [one for one in inventory if one.type == "rds-postgresql"]
        api = by_name.pop("api")
        assert size.api_vcpu == api.vcpu * api.count
        assert size.other_vcpu == sum(one.vcpu * one.count for one in by_name.values())
        assert (size.database, size.database_copies) == (database.size, database.count)
        assert size.storage_gib == database.storage_gib


@pytest.mark.parametrize("cloud", CLOUDS)
def test_more_questions_never_cost_less(cloud: Cloud) -> None:
    """A bill that falls as traffic grows has a hole."""
    base = scenarios()["s1"]
    sums = [
        bill_of(base.having(questions_per_day=asked), cloud, PRICES).eur
        for asked in (100, 1_000, 10_000, 40_000)
    ]
    assert sums == sorted(sums)


def test_a_dearer_price_is_a_dearer_bill() -> None:
    """Each AWS price that is used matters: none is read and dropped."""
    scenario = scenarios()["s2"]
    before = bill_of(scenario, "aws", PRICES).eur
    used = {line.price for line in bill_of(scenario, "aws", PRICES).lines if line.quantity} - {
        scenario.word("model")
    }
    for name in used:
        prices = {**PRICES.prices, name: replace(PRICES[name], value=PRICES[name].value * 2)}
        assert bill_of(scenario, "aws", PriceTable(prices, Decimal("0.9"))).eur > before, name
