"""The list of what is priced, from small templates written here."""

from deploy.aws.resources import priced

DATABASE = {
    "Resources": {
        "Db": {
            "Type": "AWS::RDS::DBInstance",
            "Properties": {"DBInstanceClass": "db.m7g.large", "AllocatedStorage": "100", "MultiAZ": True},
        }
    }
}  # fmt: skip
SERVICE = {
    "Resources": {
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Cpu": "512", "Memory": "1024"}},
        "Api": {
            "Type": "AWS::ECS::Service",
            "Properties": {"ServiceName": "api", "DesiredCount": 2, "TaskDefinition": {"Ref": "Task"}},
        },
        "Grows": {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "Properties": {
                "MaxCapacity": 10,
                "ResourceId": {"Fn::Join": ["", ["service/puls/", {"Fn::GetAtt": ["Api", "Name"]}]]},
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {"Metrics": [{"Id": "e"}, {"Id": "a", "MetricStat": {}}, {"Id": "b", "MetricStat": {}}]},
        },
    }
}  # fmt: skip


def test_a_standby_is_paid_like_the_database() -> None:
    """Multi-AZ doubles the line."""
    (row,) = [one for one in priced({"data": DATABASE}) if one.type == "rds-postgresql"]
    assert (row.count, row.size, row.storage_gib) == (2, "db.m7g.large", 100)


def test_a_service_is_priced_from_what_runs_to_what_may_run() -> None:
    """The cost model needs both ends."""
    (row,) = [one for one in priced({"service": SERVICE}) if one.type == "fargate-arm"]
    assert (row.count, row.most, row.size) == (2, 10, "0.5 vCPU, 1 GiB")


def test_an_alarm_on_a_share_is_paid_by_its_metrics() -> None:
    """AWS bills each metric that an expression reads."""
    (row,) = [one for one in priced({"service": SERVICE}) if one.type == "alarm-metric"]
    assert row.count == 2


def test_public_addresses_are_counted_by_zone_and_gateway() -> None:
    """Each is paid by the hour since 2024: five of them cost as much as half a gateway."""
    network = {
        "Resources": {
            "Gateway": {"Type": "AWS::EC2::EIP", "Properties": {}},
            "Balancer": {
                "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "Properties": {"Scheme": "internet-facing", "Subnets": ["a", "b", "c"]},
            },
            "Inside": {
                "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
                "Properties": {"Scheme": "internal", "Subnets": ["a", "b"]},
            },
        }
    }
    counts = {row.name: row.count for row in priced({"base": network}) if row.type == "public-ipv4"}
    assert counts == {"Gateway": 1, "Balancer": 3}
