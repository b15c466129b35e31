"""Three scenarios calculated by hand, to the cent: literal figures of the tables, no function of the model.

A price or a hypothesis that changes must change here as well: that is what these are for.
"""

from decimal import Decimal

import pytest

from puls.costing.money import cents
from puls.costing.prices import PriceTable
from puls.costing.running import bill_of
from puls.costing.scenarios import scenarios

D = Decimal
PRICES = PriceTable.load()
USD = D("0.90")

# Answers a month; of them those a model writes; tokens in and out with one retry of twenty; Mistral Small at 0.12 and 0.50 a million.
# Web: 15 % look, a quarter of these ask Brave at 5 dollars a thousand.


def model(answers: int) -> D:
    asked = answers * D("0.8496") * D("0.90")
    tokens_in = asked * (D("860.2") + D("0.40") * 500) * D("1.05")
    tokens_out = asked * D("281.8") * D("1.05")
    return tokens_in * D("0.12") / 1_000_000 + tokens_out * D("0.50") / 1_000_000


def web(answers: int) -> D:
    return answers * D("0.15") * D("0.25") / 1000 * 5 * USD


def test_s1_on_one_machine() -> None:
    """1,500 questions a day: 45,000 a month, peak 0.17 a second: the smallest machine."""
    database = (D(370_000) * D("5.3535") + D(45_000) * 6) / 1_048_576
    machine = D("6.49") + D("6.49") * D("0.30")
    backups = database * 3 * D("0.0146")
    by_hand = machine + backups + model(45_000) + web(45_000)
    bill = bill_of(scenarios()["s1"], "vm", PRICES)
    assert cents(bill.eur) == cents(by_hand) == D("25.81")


def test_s2_on_scaleway() -> None:
    """15,000 a day: 450,000 a month, peak 1.74 a second: two API containers always, a database and its standby."""
    answers = 450_000
    database = (D(370_000) * D("5.3535") + D(450_000) * 6) / 1_048_576
    compute = D(4) * 730 * D("0.036") + D(4) * 2 * 730 * D("0.0036")
    postgresql = D(2) * 2 * 730 * D("0.040") + D(200) * D("0.10")
    logs = D(2) + answers * D(3) / 1_048_576
    by_hand = (
        compute + postgresql + 11 + logs * D("0.35") + 15 + database * 3 * D("0.0146") + model(answers) + web(answers)
    )  # fmt: skip
    bill = bill_of(scenarios()["s2"], "scaleway", PRICES)
    assert cents(bill.eur) == cents(by_hand) == D("463.10")


def test_s3_on_aws() -> None:
    """150,000 a day, 50 a second at the peak: every line of the production template."""
    answers = 4_500_000
    hours = D(730)
    requests = D(answers * 6)
    database = (D(1_480_000) * D("5.3535") + D(4_500_000) * 6) / 1_048_576
    visits = D(answers) / 6 * 2
    egress = (visits * 93 + D(answers) * 25) / 1_048_576
    api = 2 + (5 - 2) * D(3) / 24  # tasks: 50 a second need five, three hours a day
    vcpu = api * 1 + 1 * 1 + 2 * D("0.5")
    gib = api * 2 + 1 * 2 + 2 * 1
    answered_gb = D(answers) * 3 / 1_048_576
    firewall_gb = requests * D("1.5") / 1_048_576
    logged = answered_gb + 2 + 2 * firewall_gb
    kept = logged * 3
    access = requests * D("0.5") / 1_048_576 * 3
    disk = D(100)  # the template's; the data need less
    dollars = (
        vcpu * hours * D("0.03885") + gib * hours * D("0.00426")  # tasks
        + D("0.1") * D("0.025")  # restarts
        + 2 * hours * D("1.512") + 2 * disk * D("0.133")  # db.m7g.4xlarge and its standby
        + 16 * hours * D("0.018")  # proxy
        + hours * D("0.02646") + egress * D("0.0084")  # balancer
        + 2 * hours * D("0.05") + 150 * D("0.05")  # gateways
        + 12 * hours * D("0.011") + (answered_gb + 2) * D("0.01")  # endpoints: four in three zones
        + 5 * hours * D("0.005")  # addresses: three zones, two gateways
        + egress * D("0.085") + requests / 1_000_000 * D("1.20")  # CloudFront
        + D("0.50")  # internal names
        + 2 * 5 + (4 + 3) * 1 + 2 * requests / 1_000_000 * D("0.60")  # firewalls
        + logged * D("0.5985") + kept * D("0.0315") + 60 * D("0.30")  # logs and metrics
        + 83 * D("0.10") + 14 * D("0.50")  # alarms
        + (api + 1 + 2) * 30 * D("0.07")  # Container Insights
        + 120 * D("0.90")  # Prometheus
        + D("4.60") + D("1.15")  # GuardDuty
        + 4 * D("0.40") + 4 * 1  # secrets, keys
        + (database + 1 + 2 * access) * D("0.024")  # back-ups, exports, two buckets of access logs
        + database * D("1.5") * D("0.10")  # vault
        + 3 * 3 * D("0.10")  # images
    )  # fmt: skip
    by_hand = dollars * USD + model(answers) + web(answers)
    bill = bill_of(scenarios()["s3"], "aws", PRICES)
    assert cents(bill.eur) == cents(by_hand) == D("4564.28")
    assert PRICES.usd(bill.eur) <= D(60_422) / 10, "a tenth of the author's"


@pytest.mark.parametrize(("answers", "euros"), [(45_000, "9.69"), (4_500_000, "968.71")])
def test_the_models_line(answers: int, euros: str) -> None:
    """The line that grows with every answer."""
    assert cents(model(answers)) == D(euros)
