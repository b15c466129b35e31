"""Where visitors come in: load balancer, certificate, firewall, name. TLS 1.2 at least; nothing listens on port 80."""

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from deploy.aws.config import Environment
from deploy.aws.parts.network import API_PORT, HTTPS, Network
from deploy.aws.parts.tasks import retention_of

_IDLE_SECONDS = 120  # an answer that is streamed may pause while a model thinks
_MOST_REQUESTS = 2000  # per address in five minutes; Puls itself counts finer
_MANAGED = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
)
_COUNTED_ONLY = ("SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericRFI_BODY")


def zone_of(scope: Construct, environment: Environment) -> route53.IHostedZone:
    """The zone, by its configured id: nothing is looked up."""
    return route53.HostedZone.from_hosted_zone_attributes(
        scope, "Zone", hosted_zone_id=environment.zone_id, zone_name=environment.zone_name
    )


class Entrance(Construct):
    """`balancer`, `listener`, `firewall`."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        environment: Environment,
        network: Network,
        access_logs: s3.IBucket,
        logs_key: kms.IKey,
    ) -> None:
        super().__init__(scope, name)
        self._environment = environment
        zone = zone_of(self, environment)
        self.balancer = self._balancer(network, access_logs)
        self.listener = self.balancer.add_listener(
            "Https",
            port=HTTPS,
            protocol=elb.ApplicationProtocol.HTTPS,
            open=False,
            certificates=[
                acm.Certificate(
                    self,
                    "Certificate",
                    domain_name=environment.origin,
                    subject_alternative_names=[environment.domain] if environment.cdn else None,
                    validation=acm.CertificateValidation.from_dns(zone),
                )
            ],
            ssl_policy=elb.SslPolicy.TLS13_RES,
            default_action=elb.ListenerAction.fixed_response(
                404, content_type="text/plain", message_body="Not here."
            ),
        )
        route53.ARecord(
            self,
            "Name",
            zone=zone,
            record_name=environment.origin,
            target=route53.RecordTarget.from_alias(targets.LoadBalancerTarget(self.balancer)),
        )
        self.firewall = firewall(
            self, environment, scope_="REGIONAL", limits_addresses=not environment.cdn
        )
        waf.CfnWebACLAssociation(
            self,
            "Guarded",
            resource_arn=self.balancer.load_balancer_arn,
            web_acl_arn=self.firewall.attr_arn,
        )
        log_firewall(self, self.firewall, environment, logs_key)

    def _balancer(self, network: Network, access_logs: s3.IBucket) -> elb.ApplicationLoadBalancer:
        environment = self._environment
        balancer = elb.ApplicationLoadBalancer(
            self,
            "Balancer",
            vpc=network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_group_name="public"),
            internet_facing=True,
            security_group=network.groups.entrance,
            deletion_protection=environment.database.protected,
            drop_invalid_header_fields=True,
            desync_mitigation_mode=elb.DesyncMitigationMode.STRICTEST,
            idle_timeout=Duration.seconds(_IDLE_SECONDS),
            # CloudFront wrote the visitor's address last; appended, its own would take that place (docs/decisions/aws.md).
            xff_header_processing_mode=elb.XffHeaderProcessingMode.PRESERVE
            if environment.cdn
            else elb.XffHeaderProcessingMode.APPEND,
        )
        balancer.log_access_logs(access_logs, "balancer")
        return balancer

    def send_to(self, target: elb.IApplicationLoadBalancerTarget) -> elb.ApplicationTargetGroup:
        """Requests for our names go to `target`; any other name gets 404."""
        group = elb.ApplicationTargetGroup(
            self,
            "Api",
            vpc=self.balancer.vpc,
            port=API_PORT,
            protocol=elb.ApplicationProtocol.HTTP,
            target_type=elb.TargetType.IP,
            targets=[target],
            deregistration_delay=Duration.seconds(30),
            load_balancing_algorithm_type=elb.TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
            health_check=elb.HealthCheck(
                path="/health/live",  # not ready: a failover of PostgreSQL must not make ECS replace every task
                healthy_http_codes="200",
                interval=Duration.seconds(10),
                timeout=Duration.seconds(5),
                healthy_threshold_count=2,
                unhealthy_threshold_count=3,
            ),
        )
        names = sorted({self._environment.domain, self._environment.origin})
        self.listener.add_action(
            "OurNames",
            priority=10,
            conditions=[elb.ListenerCondition.host_headers(names)],
            action=elb.ListenerAction.forward([group]),
        )
        self.listener.add_action(
            "MetricsStayInside",
            priority=5,
            conditions=[elb.ListenerCondition.path_patterns(["/metrics"])],
            action=elb.ListenerAction.fixed_response(
                404, content_type="text/plain", message_body="Not here."
            ),
        )
        return group


def firewall(
    scope: Construct, environment: Environment, *, scope_: str, limits_addresses: bool
) -> waf.CfnWebACL:
    """Rules kept by AWS, and a limit per address where addresses are the visitors' own.

    Three rules on bodies only count: a question may well hold `<`, `../` or an address, and Puls escapes what it shows.
    """
    rules = [_managed(number, name) for number, name in enumerate(_MANAGED)]
    if limits_addresses:
        rules.append(
            waf.CfnWebACL.RuleProperty(
                name="TooMany",
                priority=len(_MANAGED),
                action=waf.CfnWebACL.RuleActionProperty(block={}),
                statement=waf.CfnWebACL.StatementProperty(
                    rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                        aggregate_key_type="IP", limit=_MOST_REQUESTS
                    )
                ),
                visibility_config=_seen("TooMany"),
            )
        )
    return waf.CfnWebACL(
        scope,
        "Firewall",
        name=f"puls-{environment.name}-{scope_.lower()}",
        scope=scope_,
        default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
        rules=rules,
        visibility_config=_seen(f"Puls-{environment.name}"),
    )


def log_firewall(
    scope: Construct, acl: waf.CfnWebACL, environment: Environment, key: kms.IKey | None
) -> None:
    """Who was turned away, without cookies, keys and what was asked. The name must begin with aws-waf-logs-."""
    group = logs.LogGroup(
        scope,
        "FirewallLog",
        log_group_name=f"aws-waf-logs-puls-{environment.name}",
        retention=retention_of(environment.keeping.log_days),
        encryption_key=key,
    )
    waf.CfnLoggingConfiguration(
        scope,
        "FirewallLogging",
        resource_arn=acl.attr_arn,
        log_destination_configs=[group.log_group_arn],
        redacted_fields=[
            _redacted({"Name": "cookie"}),
            _redacted({"Name": "authorization"}),
            waf.CfnLoggingConfiguration.FieldToMatchProperty(query_string={}),
        ],
    )


def _redacted(header: Any) -> waf.CfnLoggingConfiguration.FieldToMatchProperty:
    return waf.CfnLoggingConfiguration.FieldToMatchProperty(single_header=header)


def _managed(number: int, name: str) -> waf.CfnWebACL.RuleProperty:
    counted = [
        waf.CfnWebACL.RuleActionOverrideProperty(
            name=rule, action_to_use=waf.CfnWebACL.RuleActionProperty(count={})
        )
        for rule in _COUNTED_ONLY
        if name == "AWSManagedRulesCommonRuleSet"
    ]
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=number,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        statement=waf.CfnWebACL.StatementProperty(
            managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name, rule_action_overrides=counted or None
            )
        ),
        visibility_config=_seen(name),
    )


def _seen(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
