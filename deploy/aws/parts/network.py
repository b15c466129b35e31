"""The network: who stands where, and who may speak to whom. All security groups and all their rules are here.

Public subnets hold the load balancer and the NAT alone; tasks have a way out and none in; the database has neither.
"""

import dataclasses
from dataclasses import dataclass

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from deploy.aws.config import Environment

API_PORT = 8000
SEARXNG_PORT = 8080
POSTGRESQL_PORT = 5432
HTTPS = 443
_SERVICES = {
    "ecr.api": ec2.InterfaceVpcEndpointAwsService.ECR,
    "ecr.dkr": ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
    "logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    "secretsmanager": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Security groups by who wears them."""

    entrance: ec2.ISecurityGroup
    api: ec2.ISecurityGroup
    worker: ec2.ISecurityGroup
    searxng: ec2.ISecurityGroup
    database: ec2.ISecurityGroup
    proxy: ec2.ISecurityGroup
    rotation: ec2.ISecurityGroup
    endpoints: ec2.ISecurityGroup


class Network(Construct):
    """`vpc` and `groups`."""

    def __init__(
        self, scope: Construct, name: str, *, environment: Environment, logs: s3.IBucket
    ) -> None:
        super().__init__(scope, name)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(environment.network),
            availability_zones=list(environment.zones),
            nat_gateways=environment.nat_gateways,
            restrict_default_security_group=False,  # it needs a Lambda; nothing wears that group
            subnet_configuration=[
                _subnets("public", ec2.SubnetType.PUBLIC, 24),
                _subnets("tasks", ec2.SubnetType.PRIVATE_WITH_EGRESS, 22),
                _subnets("data", ec2.SubnetType.PRIVATE_ISOLATED, 24),
            ],
            flow_logs={
                "All": ec2.FlowLogOptions(
                    destination=ec2.FlowLogDestination.to_s3(logs, "network/"),
                    traffic_type=ec2.FlowLogTrafficType.ALL,
                )
            },
        )
        self.vpc.apply_removal_policy(RemovalPolicy.DESTROY)
        made = self._groups()
        self._allow(environment, made)
        self.groups = self._fixed(made)
        self._endpoints(environment)

    def _fixed(self, made: Groups) -> Groups:
        """The same groups, to which nothing else can add a rule: CDK would, and each stack would need the other."""
        return Groups(
            **{
                field.name: ec2.SecurityGroup.from_security_group_id(
                    self,
                    f"Fixed-{field.name}",
                    getattr(made, field.name).security_group_id,
                    mutable=False,
                )
                for field in dataclasses.fields(Groups)
            }
        )

    def _groups(self) -> Groups:
        def group(name: str, what: str) -> ec2.SecurityGroup:
            return ec2.SecurityGroup(
                self,
                name,
                vpc=self.vpc,
                description=what,
                allow_all_outbound=False,
            )

        return Groups(
            entrance=group("Entrance", "Load balancer"),
            api=group("Api", "Page and API"),
            worker=group("Worker", "Jobs"),
            searxng=group("Searxng", "Metasearch"),
            database=group("Database", "PostgreSQL"),
            proxy=group("Proxy", "RDS Proxy"),
            rotation=group("Rotation", "Changes the password of the database"),
            endpoints=group("Endpoints", "Services of AWS reached without the internet"),
        )

    @staticmethod
    def _allow(environment: Environment, groups: Groups) -> None:
        visitors = (
            ec2.Peer.prefix_list(environment.cloudfront_prefix_list)
            if environment.cdn
            else ec2.Peer.any_ipv4()
        )
        groups.entrance.add_ingress_rule(visitors, ec2.Port.tcp(HTTPS), "Visitors, over TLS")
        _link(groups.entrance, groups.api, API_PORT, "Requests")
        for asking in (groups.api, groups.worker):
            _link(asking, groups.searxng, SEARXNG_PORT, "Searches")
            _link(asking, groups.database, POSTGRESQL_PORT, "PostgreSQL")
            _link(asking, groups.proxy, POSTGRESQL_PORT, "PostgreSQL by the proxy")
            _link(asking, groups.endpoints, HTTPS, "Services of AWS")
        _link(groups.proxy, groups.database, POSTGRESQL_PORT, "PostgreSQL")
        _link(groups.rotation, groups.database, POSTGRESQL_PORT, "PostgreSQL")
        for going_out in (groups.api, groups.worker, groups.searxng):
            going_out.add_egress_rule(
                ec2.Peer.any_ipv4(), ec2.Port.tcp(HTTPS), "Sources, models and pages over TLS"
            )
        for reading_pages in (groups.api, groups.worker):
            reading_pages.add_egress_rule(
                ec2.Peer.any_ipv4(), ec2.Port.tcp(80), "Organisers' pages without TLS"
            )
        groups.rotation.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(HTTPS), "Secrets Manager")
        _link(groups.searxng, groups.endpoints, HTTPS, "Services of AWS")

    def _endpoints(self, environment: Environment) -> None:
        self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        for name in environment.endpoints:
            self.vpc.add_interface_endpoint(
                name.replace(".", "-"),
                service=_SERVICES[name],
                subnets=ec2.SubnetSelection(subnet_group_name="tasks"),
                security_groups=[self.groups.endpoints],
                open=False,
            )


def _subnets(name: str, kind: ec2.SubnetType, mask: int) -> ec2.SubnetConfiguration:
    return ec2.SubnetConfiguration(
        name=name,
        subnet_type=kind,
        cidr_mask=mask,
        map_public_ip_on_launch=False if kind is ec2.SubnetType.PUBLIC else None,
    )


def _link(asking: ec2.ISecurityGroup, asked: ec2.ISecurityGroup, port: int, what: str) -> None:
    """Both ends of one way: who asks may go out to it, who is asked lets it in."""
    asked.add_ingress_rule(asking, ec2.Port.tcp(port), what)
    asking.add_egress_rule(asked, ec2.Port.tcp(port), what)
