"""What must hold of every environment's templates, whatever changes: `aws_cdk.assertions` on the synthesised JSON."""

import tomllib
from typing import Any

import pytest

pytest.importorskip("aws_cdk", reason="needs the CDK environment: `make aws-env check-aws`")

from aws_cdk.assertions import Match, Template  # after the skip
from deploy.aws.checks import templates
from deploy.aws.checks.findings import matches
from deploy.aws.checks.summary import SNAPSHOTS, summary
from deploy.aws.config import HERE, read_environments

from deploy.aws import slo, variables

CONFIG = read_environments()
Parts = dict[str, dict[str, Any]]


def _of(parts: Parts, part: str) -> Template:
    return Template.from_json(parts[part])


def _all(parts: Parts, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, one["Properties"])
        for template in parts.values()
        for name, one in templates.resources(template, *kinds)
    ]


# Data -------------------------------------------------------------------------------------------------------------------


def test_the_database_is_encrypted_private_and_restorable(parts: Parts, environment: str) -> None:
    """It holds what visitors said."""
    size = CONFIG[environment].database
    _of(parts, "data").has_resource_properties(
        "AWS::RDS::DBInstance",
        {
            "StorageEncrypted": True,
            "KmsKeyId": Match.any_value(),
            "PubliclyAccessible": False,
            "MultiAZ": size.multi_az,
            "BackupRetentionPeriod": size.backup_days,
            "DeleteAutomatedBackups": False,
            "DeletionProtection": size.protected,
            "CopyTagsToSnapshot": True,
            "ManageMasterUserPassword": True,
            "MasterUserPassword": Match.absent(),
        },
    )


def test_a_deleted_database_leaves_a_snapshot(parts: Parts) -> None:
    """Even dev's."""
    _of(parts, "data").has_resource(
        "AWS::RDS::DBInstance", {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}
    )


def test_postgresql_speaks_tls_alone_and_logs_no_words_of_visitors(parts: Parts) -> None:
    """log_parameter_max_length is what writes them."""
    _of(parts, "data").has_resource_properties(
        "AWS::RDS::DBParameterGroup",
        {
            "Parameters": Match.object_like(
                {
                    "rds.force_ssl": "1",
                    "ssl_min_protocol_version": "TLSv1.2",
                    "log_parameter_max_length": "0",
                    "log_parameter_max_length_on_error": "0",
                }
            )
        },
    )


def test_the_database_stands_in_subnets_without_a_way_out(parts: Parts) -> None:
    """No route, no leak."""
    group = _all(parts, "AWS::RDS::DBSubnetGroup")[0][1]
    assert all("dataSubnet" in templates.text(one) for one in group["SubnetIds"])
    routed = [templates.text(one["RouteTableId"]) for _, one in _all(parts, "AWS::EC2::Route")]
    assert not [one for one in routed if "dataSubnet" in one]


def test_a_proxy_asks_for_tls_too(production: Parts) -> None:
    """Between the task and the proxy the password travels."""
    _of(production, "data").has_resource_properties("AWS::RDS::DBProxy", {"RequireTLS": True})


def test_the_login_of_puls_gets_another_password(parts: Parts) -> None:
    """By Secrets Manager, every thirty days."""
    _of(parts, "data").has_resource_properties(
        "AWS::SecretsManager::RotationSchedule",
        {"RotationRules": {"ScheduleExpression": "rate(30 days)"}},
    )


def test_tasks_learn_a_new_password_by_themselves(parts: Parts) -> None:
    """Otherwise the next connection after a rotation would fail until somebody noticed."""
    template = _of(parts, "service")
    template.has_resource_properties(
        "AWS::Events::Rule",
        {"EventPattern": Match.object_like({"detail": Match.object_like({"eventName": ["RotationSucceeded"]})})},
    )  # fmt: skip
    template.resource_count_is("AWS::StepFunctions::StateMachine", 1)


def test_backups_are_taken_each_day_into_an_encrypted_vault(parts: Parts, environment: str) -> None:
    """Apart from RDS's own, which end with the instance."""
    template = _of(parts, "data")
    template.has_resource_properties(
        "AWS::Backup::BackupVault", {"EncryptionKeyArn": Match.any_value()}
    )
    rules = _all(parts, "AWS::Backup::BackupPlan")[0][1]["BackupPlan"]["BackupPlanRule"]
    days = [rule["Lifecycle"]["DeleteAfterDays"] for rule in rules]
    keeping = CONFIG[environment].keeping
    assert days == [one for one in (keeping.backup_days, keeping.monthly_backup_days) if one]


def test_the_vault_of_production_is_locked(production: Parts) -> None:
    """Who steals an operator's login must not take the back-ups along."""
    _of(production, "data").has_resource_properties(
        "AWS::Backup::BackupVault", {"LockConfiguration": {"MinRetentionDays": 35}}
    )


# Buckets, keys, secrets -----------------------------------------------------------------------------------------------


def test_every_bucket_is_encrypted_versioned_and_closed(parts: Parts) -> None:
    """One open bucket is enough."""
    for name, bucket in _all(parts, "AWS::S3::Bucket"):
        assert bucket["BucketEncryption"], name
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name
        assert all(bucket["PublicAccessBlockConfiguration"].values()), name
        assert bucket["LifecycleConfiguration"]["Rules"], name


def test_every_bucket_refuses_what_comes_without_tls(parts: Parts) -> None:
    """And TLS older than 1.2."""
    refused = [
        templates.text(policy["Bucket"])
        for _, policy in _all(parts, "AWS::S3::BucketPolicy")
        if any(
            one["Effect"] == "Deny" and "aws:SecureTransport" in str(one["Condition"])
            for one in policy["PolicyDocument"]["Statement"]
        )
    ]
    assert len(refused) == len(_all(parts, "AWS::S3::Bucket"))


def test_backups_in_s3_are_locked(parts: Parts, environment: str) -> None:
    """By compliance in production: nobody deletes them early, not even the owner."""
    config = CONFIG[environment]
    mode = "COMPLIANCE" if config.is_production else "GOVERNANCE"
    _of(parts, "base").has_resource_properties(
        "AWS::S3::Bucket",
        {
            "ObjectLockEnabled": True,
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Days": config.keeping.locked_days, "Mode": mode}},
            },
        },
    )


def test_every_key_of_ours_is_renewed(parts: Parts) -> None:
    """Each year, by KMS."""
    keys = _all(parts, "AWS::KMS::Key")
    assert keys
    assert all(key["EnableKeyRotation"] is True for _, key in keys)


def test_every_secret_is_encrypted_with_a_key_of_ours(parts: Parts) -> None:
    """So that who may read it is decided in one more place."""
    secrets = _all(parts, "AWS::SecretsManager::Secret")
    assert len(secrets) == 4
    assert all("KmsKeyId" in secret for _, secret in secrets)


def test_no_secret_is_a_plain_variable(parts: Parts) -> None:
    """Anybody who may describe a task reads its variables."""
    for name, container in templates.containers(parts["service"]):
        plain = {one["Name"] for one in container.get("Environment", [])}
        assert not {one for one in plain if one.endswith(("_KEY", "PASSWORD", "SECRET"))}, name
        url = [one["Value"] for one in container.get("Environment", []) if one["Name"] == "PULS_DATABASE_URL"]  # fmt: skip
        assert all("puls@" in templates.text(one) for one in url), name


def test_the_topic_of_alarms_is_encrypted(parts: Parts) -> None:
    """Alarms say where it hurts."""
    _of(parts, "base").has_resource_properties(
        "AWS::SNS::Topic", {"KmsMasterKeyId": Match.any_value()}
    )


def test_images_are_scanned_and_never_change_under_a_tag(parts: Parts) -> None:
    """A tag that moves is how a release turns into another."""
    repositories = _all(parts, "AWS::ECR::Repository")
    assert len(repositories) == 3
    for _, one in repositories:
        assert one["ImageTagMutability"] == "IMMUTABLE"
        assert one["ImageScanningConfiguration"] == {"ScanOnPush": True}
        assert one["EncryptionConfiguration"]["EncryptionType"] == "KMS"


# Network --------------------------------------------------------------------------------------------------------------


def _opened(parts: Parts) -> list[tuple[str, dict[str, Any]]]:
    """Rules that let in others than our own groups, with the group they belong to."""
    rules = [
        (name, rule)
        for name, group in _all(parts, "AWS::EC2::SecurityGroup")
        for rule in group.get("SecurityGroupIngress", [])
    ]
    rules += [
        (templates.text(rule["GroupId"]).strip("<"), rule)
        for _, rule in _all(parts, "AWS::EC2::SecurityGroupIngress")
    ]
    return [(name, rule) for name, rule in rules if "SourceSecurityGroupId" not in rule]


def test_only_the_load_balancer_lets_anybody_in(parts: Parts) -> None:
    """On 443 alone; everything else is entered by our own groups."""
    ((name, rule),) = _opened(parts)
    assert name.startswith("NetworkEntrance")
    assert (rule["FromPort"], rule["ToPort"]) == (443, 443)


def test_behind_cloudfront_nobody_reaches_the_load_balancer_directly(production: Parts) -> None:
    """Whoever did could write any visitor's address into X-Forwarded-For."""
    ((_, rule),) = _opened(production)
    assert "CidrIp" not in rule
    assert rule["SourcePrefixListId"].startswith("pl-")


def test_the_visitors_address_survives_the_load_balancer(parts: Parts, environment: str) -> None:
    """Puls takes the rightmost address that is no proxy's; CloudFront's own must not be there."""
    attributes = {
        one["Key"]: one["Value"]
        for one in _all(parts, "AWS::ElasticLoadBalancingV2::LoadBalancer")[0][1][
            "LoadBalancerAttributes"
        ]
    }
    wanted = "preserve" if CONFIG[environment].cdn else "append"
    assert attributes["routing.http.xff_header_processing.mode"] == wanted
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert attributes["access_logs.s3.enabled"] == "true"


def test_no_task_has_a_public_address(parts: Parts) -> None:
    """They go out through the NAT."""
    services = _all(parts, "AWS::ECS::Service")
    assert len(services) >= 2
    for _, service in services:
        network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
        assert network["AssignPublicIp"] == "DISABLED"


def test_traffic_is_logged_and_s3_is_reached_without_the_internet(parts: Parts) -> None:
    """The one costs little, the other nothing."""
    template = _of(parts, "base")
    template.has_resource_properties("AWS::EC2::FlowLog", {"TrafficType": "ALL"})
    template.has_resource_properties("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Gateway"})


# How visitors come in -----------------------------------------------------------------------------------------------------


def test_the_listener_speaks_tls_and_there_is_no_other(parts: Parts) -> None:
    """Port 80 answers nobody; browsers are sent to https by CloudFront or by Puls's own address."""
    template = _of(parts, "service")
    template.resource_count_is("AWS::ElasticLoadBalancingV2::Listener", 1)
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {"Port": 443, "Protocol": "HTTPS", "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"},
    )


def test_the_firewall_stands_before_the_load_balancer(parts: Parts) -> None:
    """An association that was forgotten is a firewall beside the road."""
    template = _of(parts, "service")
    template.resource_count_is("AWS::WAFv2::WebACLAssociation", 1)
    template.has_resource_properties("AWS::WAFv2::WebACL", {"Scope": "REGIONAL"})


def test_too_many_requests_are_refused_where_addresses_are_the_visitors(
    parts: Parts, environment: str
) -> None:
    """Behind CloudFront every request has an address of CloudFront's."""
    limited = {
        acl["Scope"]
        for _, acl in _all(parts, "AWS::WAFv2::WebACL")
        if any("RateBasedStatement" in str(rule) for rule in acl["Rules"])
    }
    assert limited == {"CLOUDFRONT" if CONFIG[environment].cdn else "REGIONAL"}


def test_the_firewall_logs_no_cookie_no_key_and_no_question(parts: Parts) -> None:
    """GET /v1/search?q=… is what a visitor wants."""
    for _, one in _all(parts, "AWS::WAFv2::LoggingConfiguration"):
        text = str(one["RedactedFields"])
        assert all(word in text for word in ("cookie", "authorization", "QueryString"))


@pytest.mark.parametrize("name", ["staging", "production"])
def test_cloudfront_keeps_static_files_and_nothing_else(folder: Any, name: str) -> None:
    """A conversation in a cache would be shown to the next visitor."""
    template = Template.from_json(templates.read(folder, name)["edge"])
    template.has_resource_properties(
        "AWS::CloudFront::Distribution",
        {
            "DistributionConfig": Match.object_like(
                {
                    "DefaultCacheBehavior": Match.object_like(
                        {
                            "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",  # CachingDisabled
                            "ViewerProtocolPolicy": "redirect-to-https",
                        }
                    ),
                    "CacheBehaviors": [Match.object_like({"PathPattern": "/static/*"})],
                    "ViewerCertificate": Match.object_like({"MinimumProtocolVersion": "TLSv1.2_2021"}),
                    "WebACLId": Match.any_value(),
                    "Logging": Match.object_like({"IncludeCookies": False}),
                }
            )
        },
    )  # fmt: skip


def test_metrics_are_not_told_to_the_internet(parts: Parts) -> None:
    """/metrics wants a key already; here nobody even asks it."""
    _of(parts, "service").has_resource_properties(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        {
            "Actions": [Match.object_like({"Type": "fixed-response"})],
            "Conditions": [
                {
                    "Field": "path-pattern",
                    "PathPatternConfig": {"Values": ["/metrics"]},
                }
            ],
        },
    )


# What runs ----------------------------------------------------------------------------------------------------------------


def test_every_container_is_nobody_with_a_read_only_root(parts: Parts) -> None:
    """Who breaks in finds nothing to write to and no account to be."""
    found = list(templates.containers(parts["service"]))
    assert len(found) >= 6
    for name, container in found:
        assert container["ReadonlyRootFilesystem"] is True, name
        assert container["User"].split(":")[0] not in {"", "0", "root"}, name
        assert "Privileged" not in container, name
        assert container["LogConfiguration"]["LogDriver"] == "awslogs", name


def test_every_task_is_arm_and_has_its_own_role(parts: Parts) -> None:
    """A role that two services share is the rights of both."""
    tasks = _all(parts, "AWS::ECS::TaskDefinition")
    roles = [templates.text(task["TaskRoleArn"]) for _, task in tasks]
    assert len(set(roles)) == len(tasks)
    for _, task in tasks:
        assert task["RuntimePlatform"] == {
            "CpuArchitecture": "ARM64",
            "OperatingSystemFamily": "LINUX",
        }
        assert task["RequiresCompatibilities"] == ["FARGATE"]


def test_a_bad_release_is_taken_back(parts: Parts) -> None:
    """By ECS itself: when tasks do not become healthy, or when visitors' alarms speak."""
    for _, service in _all(parts, "AWS::ECS::Service"):
        deployment = service["DeploymentConfiguration"]
        assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    alarmed = [
        one["DeploymentConfiguration"]["Alarms"]
        for _, one in _all(parts, "AWS::ECS::Service")
        if one["ServiceName"] == "api"
    ]
    assert alarmed[0]["Rollback"] is True
    assert alarmed[0]["AlarmNames"]


def test_nobody_opens_a_shell_in_a_task(parts: Parts) -> None:
    """What was typed there would be in no repository."""
    assert not [
        one for _, one in _all(parts, "AWS::ECS::Service") if one.get("EnableExecuteCommand")
    ]


def test_the_api_grows_with_requests_and_the_worker_with_its_queue(production: Parts) -> None:
    """Each by what makes visitors wait."""
    template = _of(production, "service")
    template.has_resource_properties(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "TargetTrackingScalingPolicyConfiguration": Match.object_like(
                {"PredefinedMetricSpecification": Match.object_like({"PredefinedMetricType": "ALBRequestCountPerTarget"})}
            )
        },
    )  # fmt: skip
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {"MetricName": "puls_queue_oldest_seconds", "AlarmActions": Match.any_value()},
    )


def test_production_survives_a_zone(production: Parts) -> None:
    """Two tasks, three zones, two NAT gateways, a standby of PostgreSQL."""
    services = {
        one["ServiceName"]: one["DesiredCount"] for _, one in _all(production, "AWS::ECS::Service")
    }
    assert services["api"] >= 2
    assert len(_all(production, "AWS::EC2::NatGateway")) == 2


def test_the_worker_never_speaks_through_the_proxy(production: Parts) -> None:
    """It listens and locks by session."""
    urls = {
        name: templates.text(one["Value"])
        for name, container in templates.containers(production["service"])
        for one in container.get("Environment", [])
        if one["Name"] == "PULS_DATABASE_URL"
    }
    assert "Proxy" in urls["puls-production-api/puls"]
    assert "Proxy" not in urls["puls-production-worker/puls"]


def test_the_variables_are_those_of_the_table(parts: Parts, environment: str) -> None:
    """tests/deploy/aws/test_variables.py holds that table against the settings of Puls."""
    rows = variables.table()
    allowed = {f"PULS_{name.upper()}" for part in ("stack", "secret", "chosen", "default", "service") for name in rows[part]}  # fmt: skip
    for name, container in templates.containers(parts["service"]):
        if name.endswith(("-api/puls", "-worker/puls", "-command/puls")):
            given = {one["Name"] for one in (*container["Environment"], *container["Secrets"])}
            assert given <= allowed | set(rows["beside"]), name
            assert {"PULS_SECRET", "PULS_DATABASE_URL", "PGPASSWORD", "PGSSLMODE"} <= given
    assert environment


# Who may do what --------------------------------------------------------------------------------------------------------------


def test_no_wildcard_without_a_listed_reason(parts: Parts) -> None:
    """On actions or resources, of any identity."""
    rows = tomllib.loads((HERE / "acknowledged.toml").read_text(encoding="utf-8"))["wildcard"]
    for template in parts.values():
        for name, statement in templates.statements(template):
            actions = templates.many(statement["Action"])
            assert not [one for one in actions if "*" in one], name
            for resource in map(templates.text, templates.many(statement["Resource"])):
                assert "*" not in resource or any(
                    matches(f"{row['who']}*", name)
                    and set(actions) <= set(row["actions"])
                    and matches(row["resource"], resource)
                    and len(row["reason"].split()) > 5
                    for row in rows
                ), (name, actions, resource)


def test_the_pipeline_is_one_repository_in_one_environment(parts: Parts, environment: str) -> None:
    """A fork, a branch or a pull request gets no token that AWS takes."""
    role = next(
        one
        for _, one in _all(parts, "AWS::IAM::Role")
        if one.get("RoleName", "").endswith("-deploy")
    )
    conditions = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]
    config = CONFIG[environment]
    assert conditions["token.actions.githubusercontent.com:sub"] == (
        f"repo:{config.github}:environment:{environment}"
    )
    assert conditions["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"


def test_there_is_no_user_and_no_key_that_lasts(parts: Parts) -> None:
    """What lasts gets lost."""
    assert not _all(parts, "AWS::IAM::User", "AWS::IAM::AccessKey")


def test_tasks_reach_no_bucket_and_no_secret_by_themselves(parts: Parts) -> None:
    """Secrets are given at the start by ECS; code that was broken into asks in vain."""
    for name, statement in templates.statements(parts["service"]):
        if "StartRole" not in name and name.startswith("Services"):
            assert not [
                one for one in templates.many(statement["Action"]) if one.startswith(("s3:", "secretsmanager:", "kms:", "iam:"))
            ], name  # fmt: skip


# What is watched ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("promise", [one.name for one in slo.promises().objectives])
def test_every_promise_has_alarms_that_are_told(
    parts: Parts, promise: str, environment: str
) -> None:
    """A promise whose breach nobody hears of is decoration. Tickets alone begin in larger environments."""
    objective = next(one for one in slo.promises().objectives if one.name == promise)
    pairs = objective.pairs(CONFIG[environment].spending.burn_pairs)
    told = [
        one["AlarmName"]
        for _, one in _all(parts, "AWS::CloudWatch::CompositeAlarm")
        if f"-{promise}-" in one["AlarmName"] and one["AlarmActions"]
    ]
    assert pairs
    assert len(told) == len(pairs)


def test_every_alarm_names_its_runbook(parts: Parts) -> None:
    """At three in the morning nobody searches."""
    ours = [
        (name, one)
        for name, one in _all(parts, "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
        if not name.startswith("Services")  # of autoscaling
    ]
    assert ours
    assert all("docs/runbooks/" in one["AlarmDescription"] for _, one in ours)


@pytest.mark.parametrize(
    "name", ["NoHealthyTask", "BalancerErrors", "WorkerAbsent", "ApiMemory", "DatabaseCpu", "DatabaseStorage", "DatabaseConnections"],
)  # fmt: skip
def test_what_aws_sees_of_its_own_is_told(parts: Parts, environment: str, name: str) -> None:
    """The promises are silent when nothing runs at all."""
    found = [one for _, one in _all(parts, "AWS::CloudWatch::Alarm") if one.get("AlarmName") == f"puls-{environment}-{name}"]  # fmt: skip
    assert len(found) == 1
    assert found[0]["AlarmActions"]


def test_every_log_ends_and_is_encrypted(parts: Parts, environment: str) -> None:
    """Kept as long as the configuration says, those that AWS would make for ever included."""
    groups = _all(parts, "AWS::Logs::LogGroup")
    names = {templates.text(one.get("LogGroupName")) for _, one in groups}
    assert f"/aws/rds/instance/puls-{environment}/postgresql" in names
    for name, one in groups:
        assert one["RetentionInDays"] == CONFIG[environment].keeping.log_days, name
        assert "KmsKeyId" in one, name


def test_spending_is_told_before_it_is_too_late(parts: Parts, environment: str) -> None:
    """At half, four fifths, all, and when all is foreseen."""
    budget = _all(parts, "AWS::Budgets::Budget")[0][1]
    assert budget["Budget"]["BudgetLimit"]["Amount"] == CONFIG[environment].spending.budget_usd
    told = [one["Notification"] for one in budget["NotificationsWithSubscribers"]]
    assert [(one["NotificationType"], one["Threshold"]) for one in told] == [
        ("ACTUAL", 50),
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]


def test_guardduty_watches_production_alone(folder: Any) -> None:
    """Its price is in docs/decisions/aws.md."""
    on = [name for name in CONFIG if _all(templates.read(folder, name), "AWS::GuardDuty::Detector")]
    assert on == ["production"]


# Whole --------------------------------------------------------------------------------------------------------------------------


def test_what_can_be_tagged_is_tagged(parts: Parts, environment: str) -> None:
    """The budget and every bill by part hang on it."""
    for kind in (
        "AWS::RDS::DBInstance",
        "AWS::S3::Bucket",
        "AWS::ECS::Service",
        "AWS::EC2::NatGateway",
    ):
        for name, one in _all(parts, kind):
            tags = {tag["Key"]: tag["Value"] for tag in one.get("Tags", [])}
            assert tags.get("puls:environment") == environment, name
            assert {"puls:part", "puls:owner", "puls:cost-centre"} <= set(tags), name


def test_nothing_is_looked_up_and_nothing_is_uploaded(parts: Parts) -> None:
    """What is synthesised on a desk is what is deployed."""
    text = str(parts)
    assert "dummy-value" not in text
    assert not _all(parts, "AWS::CloudFormation::CustomResource")
    assert not [
        kind
        for template in parts.values()
        for _, one in templates.resources(template)
        if (kind := one["Type"]).startswith("Custom::") or kind == "AWS::Lambda::Function"
    ]


def test_the_summary_is_the_committed_one(folder: Any, environment: str) -> None:
    """A change of infrastructure is read in review: `make aws-snapshots` writes it anew."""
    committed = (SNAPSHOTS / f"{environment}.txt").read_text(encoding="utf-8")
    assert summary(folder, environment) == committed
