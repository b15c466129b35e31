"""CloudFront before the site: static files from its caches, everything else passed through. In us-east-1, as AWS wants it.

Its certificate and its firewall live there too. It keeps nothing of a conversation: only /static/ is cached.
"""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from deploy.aws.config import Environment
from deploy.aws.parts.entrance import firewall, log_firewall, zone_of
from deploy.aws.parts.storage import key

_ANSWER_SECONDS = 60  # without a word from Puls; longer needs a quota of AWS


class Edge(Construct):
    """`distribution`."""

    def __init__(self, scope: Construct, name: str, *, environment: Environment) -> None:
        super().__init__(scope, name)
        self._environment = environment
        zone = zone_of(self, environment)
        acl = firewall(self, environment, scope_="CLOUDFRONT", limits_addresses=True)
        self._log(acl)
        origin = origins.HttpOrigin(
            environment.origin,
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            read_timeout=Duration.seconds(_ANSWER_SECONDS),
            keepalive_timeout=Duration.seconds(_ANSWER_SECONDS),
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Puls {environment.name}",
            domain_names=[environment.domain],
            certificate=acm.Certificate(
                self,
                "Certificate",
                domain_name=environment.domain,
                validation=acm.CertificateValidation.from_dns(zone),
            ),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            web_acl_id=acl.attr_arn,
            enable_logging=True,
            log_bucket=self._log_bucket(),
            log_includes_cookies=False,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origin,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
                compress=False,  # a stream must not wait for its compression
            ),
            additional_behaviors={"/static/*": self._static(origin)},
        )
        for record in (route53.ARecord, route53.AaaaRecord):
            record(
                self,
                "Name" if record is route53.ARecord else "NameV6",
                zone=zone,
                record_name=environment.domain,
                target=route53.RecordTarget.from_alias(targets.CloudFrontTarget(self.distribution)),
            )

    def _static(self, origin: cloudfront.IOrigin) -> cloudfront.BehaviorOptions:
        """Puls says by Cache-Control which addresses never change; only their `v` makes another file."""
        return cloudfront.BehaviorOptions(
            origin=origin,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
            compress=True,
            cache_policy=cloudfront.CachePolicy(
                self,
                "Static",
                comment="As Cache-Control says",
                min_ttl=Duration.seconds(0),
                default_ttl=Duration.seconds(0),
                max_ttl=Duration.days(365),
                query_string_behavior=cloudfront.CacheQueryStringBehavior.allow_list("v"),
                header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Host"),
                enable_accept_encoding_brotli=True,
                enable_accept_encoding_gzip=True,
            ),
        )

    def _log_bucket(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            object_ownership=s3.ObjectOwnership.OBJECT_WRITER,  # CloudFront's standard logs write with an ACL
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="forget",
                    expiration=Duration.days(self._environment.keeping.log_days),
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
        )

    def _log(self, acl: waf.CfnWebACL) -> None:
        logs_key = key(self, "EdgeLogs", "logs of the edge", environment=self._environment)
        logs_key.grant_encrypt_decrypt(
            iam.ServicePrincipal(
                f"logs.{Stack.of(self).region}.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        log_firewall(self, acl, self._environment, logs_key)
